/*
 * completion.c - scripts by which shells complete the words of mmt.
 *
 * They hold no word of mmt: a program for awk that all of them share reads the
 * rows of `mmt help --table` from its input, takes the words typed so far, the
 * one to be completed last, and says what may stand there, a line each, parted
 * by tabs:
 *
 *   prefix TEXT       what of the last word stays as it is; comes first
 *   word TEXT HELP    may follow it, and ends the word
 *   part TEXT HELP    may follow it; the word may go on
 *   files             names of files may follow it
 *   directories       names of directories may follow it
 *
 * Where a value stands, alternatives in lower case are its words. No script may
 * hold an apostrophe or a doubled backslash between the apostrophes around the
 * program: shells differ there.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/completion.h"

#include "cli/report.h"

#include <stddef.h>
#include <string.h>

/* The program: what may stand for a value ... */
static const char of_values[] =
    "function say(kind, text, help) {\n"
    "    lines = lines kind \"\\t\" text \"\\t\" help \"\\n\"\n"
    "}\n"
    "function rest() {\n"
    "    return substr(current, length(prefix) + 1)\n"
    "}\n"
    "function keep(length_of_more) {\n"
    "    prefix = substr(current, 1, length(prefix) + length_of_more)\n"
    "}\n"
    "function say_value(placeholder,    part, count, at) {\n"
    "    if (sub(/,[.][.][.]$/, \"\", placeholder) && match(rest(), /.*,/))\n"
    "        keep(RLENGTH)\n"
    "    count = split(placeholder, part, \"[|]\")\n"
    "    for (at = 1; at <= count; at++)\n"
    "        say_alternative(part[at])\n"
    "}\n"
    "function say_alternative(text) {\n"
    "    if (text ~ /^(FILE|PATH|CHANNEL)$/)\n"
    "        say(\"files\", \"\", \"\")\n"
    "    else if (text == \"DIR\")\n"
    "        say(\"directories\", \"\", \"\")\n"
    "    else if (text ~ /^[a-z0-9_-]+$/)\n"
    "        say(\"word\", text, \"\")\n"
    "    else\n"
    "        say_words(text)\n"
    "}\n"
    "function say_words(placeholder,    at, text, colon) {\n"
    "    for (at = 1; at <= rows; at++) {\n"
    "        if (owner[at] != \"value\" || holder[at] != placeholder)\n"
    "            continue\n"
    "        text = name[at]\n"
    "        colon = index(text, \":\")\n"
    "        if (colon && index(rest(), substr(text, 1, colon)) == 1) {\n"
    "            keep(colon)\n"
    "            lines = \"\"\n"
    "            say_alternative(substr(text, colon + 1))\n"
    "            return\n"
    "        } else if (colon)\n"
    "            say(\"part\", substr(text, 1, colon), help[at])\n"
    "        else if (text !~ \"/\" || rest() ~ \"/\")\n"
    "            say(\"word\", text, help[at])\n"
    "    }\n"
    "}\n";

/* ... and where on a line what may stand. */
static const char of_lines[] =
    "function say_commands(    line) {\n"
    "    while ((\"mmt help\" | getline line) > 0)\n"
    "        if (line ~ /^  [a-z]/ && match(line, /^  [a-z]+ +/))\n"
    "            say(\"word\", substr(line, 3, index(substr(line, 3), \" \") "
    "- 1),\n"
    "                substr(line, RLENGTH + 1))\n"
    "}\n"
    "function say_options(command,    at) {\n"
    "    for (at = 1; at <= rows; at++)\n"
    "        if (owner[at] == command) {\n"
    "            if (letter[at] != \"-\")\n"
    "                say(\"word\", \"-\" letter[at], help[at])\n"
    "            say(\"word\", \"--\" name[at], help[at])\n"
    "        }\n"
    "}\n"
    "function say_roles(    at, role) {\n"
    "    roles[\"parent:\"]\n"
    "    for (at = 2; at in operand; at++)\n"
    "        if (match(operand[at], /^[A-Za-z0-9_-]+:/))\n"
    "            roles[substr(operand[at], 1, RLENGTH)]\n"
    "    for (role in roles)\n"
    "        say(\"part\", role, \"\")\n"
    "}\n"
    "function say_steps(has_roles,    at, verb) {\n"
    "    if (has_roles && match(current, /^[^@+=:]*:/))\n"
    "        keep(RLENGTH)\n"
    "    else if (has_roles && current !~ /[@+=]/)\n"
    "        say_roles()\n"
    "    verb = rest()\n"
    "    if (match(verb, /^[^=]*=/)) {\n"
    "        keep(RLENGTH)\n"
    "        sub(/[@+=].*/, \"\", verb)\n"
    "        say_value(value[\"step\", \"--\" verb])\n"
    "        return\n"
    "    }\n"
    "    for (at = 1; at <= rows; at++)\n"
    "        if (owner[at] == \"step\" && (prefix == \"\" || name[at] != "
    "\"expect\"))\n"
    "            say(\"part\", name[at], help[at])\n"
    "}\n"
    "function say_operand(command, number,    line, part, count) {\n"
    "    (\"mmt help \" command) | getline line\n"
    "    gsub(/\\[OPTION\\.\\.\\.\\]/, \"\", line)\n"
    "    count = split(line, part, \" \")\n"
    "    if (number == 1)\n"
    "        say_words(command)\n"
    "    number += 3\n"
    "    if (number > count && part[count] ~ /\\.\\.\\./)\n"
    "        number = count\n"
    "    gsub(/\\[|\\]|\\.\\.\\./, \"\", part[number])\n"
    "    if (part[number] ~ /STEP$/)\n"
    "        say_steps(part[number] ~ /ROLE/)\n"
    "    else if (part[number] ~ /^COMMAND/) {\n"
    "        say_commands()\n"
    "        say_value(part[number])\n"
    "    } else\n"
    "        say_value(part[number])\n"
    "}\n"
    "function say_all(    command, at, text, to, awaited, number, ended) {\n"
    "    command = word[1] ~ /^-/ ? \"help\" : word[1]\n"
    "    for (at = word[1] ~ /^-/ ? 1 : 2; at < count; at++) {\n"
    "        text = word[at]\n"
    "        if (awaited != \"\")\n"
    "            awaited = \"\"\n"
    "        else if (ended || text !~ /^-./)\n"
    "            operand[++number] = text\n"
    "        else if (text == \"--\")\n"
    "            ended = 1\n"
    "        else if (text ~ /^--/)\n"
    "            awaited = value[command, text]\n"
    "        else\n"
    "            for (to = 2; to <= length(text) && awaited == \"\"; to++) {\n"
    "                awaited = value[command, \"-\" substr(text, to, 1)]\n"
    "                if (awaited != \"\" && to < length(text)) {\n"
    "                    awaited = \"\"\n"
    "                    break\n"
    "                }\n"
    "            }\n"
    "    }\n"
    "    if (awaited != \"\")\n"
    "        say_value(awaited)\n"
    "    else if (!ended && match(current, /^--[^=]*=/)) {\n"
    "        prefix = substr(current, 1, RLENGTH)\n"
    "        say_value(value[command, substr(current, 1, RLENGTH - 1)])\n"
    "    } else if (!ended && current ~ /^-/)\n"
    "        say_options(command)\n"
    "    else if (count == 1)\n"
    "        say_commands()\n"
    "    else if (command in known)\n"
    "        say_operand(command, number + 1)\n"
    "}\n"
    "BEGIN {\n"
    "    FS = \"\\t\"\n"
    "    count = ARGC - 1\n"
    "    for (at = 1; at <= count; at++)\n"
    "        word[at] = ARGV[at]\n"
    "    current = word[count]\n"
    "    ARGC = 1\n"
    "}\n"
    "{\n"
    "    rows++\n"
    "    owner[rows] = $1\n"
    "    letter[rows] = $2\n"
    "    name[rows] = $3\n"
    "    holder[rows] = $4\n"
    "    help[rows] = $5 == \"-\" ? \"\" : $5\n"
    "    known[$1] = 1\n"
    "    if ($4 != \"-\") {\n"
    "        value[$1, \"--\" $3] = $4\n"
    "        if ($2 != \"-\")\n"
    "            value[$1, \"-\" $2] = $4\n"
    "    }\n"
    "}\n"
    "END {\n"
    "    say_all()\n"
    "    printf \"prefix\\t%s\\n%s\", prefix, lines\n"
    "}\n";

static const char bash_before[] =
    "# Completion of mmt for bash: mmt itself is asked for all that it "
    "knows.\n"
    "_mmt() {\n"
    "    local rest=$COMP_LINE last=-1 word words current prefix=\n"
    "    local kind text help breaks cut=\n"
    "    words=()\n"
    "    # COMP_WORDS is cut at = and :, so put together what no blank "
    "parts.\n"
    "    for word in \"${COMP_WORDS[@]:0:COMP_CWORD+1}\"; do\n"
    "        if [[ $last -lt 0 || $rest == [[:space:]]* ]]; then\n"
    "            last=$((last + 1))\n"
    "        fi\n"
    "        words[last]=${words[last]-}$word\n"
    "        rest=${rest#\"${rest%%[![:space:]]*}\"}\n"
    "        rest=${rest#\"$word\"}\n"
    "    done\n"
    "    current=${words[last]}\n"
    "    # Called by the name mmt-COMMAND, it is that command.\n"
    "    text=${words[0]##*/}\n"
    "    [[ $text != mmt-* ]] || words=(mmt \"${text#mmt-}\" "
    "\"${words[@]:1}\")\n"
    "    # Readline replaces only what stands behind the last of these.\n"
    "    breaks=${COMP_WORDBREAKS//[^=:@]/}\n"
    "    [[ -z $breaks ]] || cut=${current%\"${current##*[\"$breaks\"]}\"}\n"
    "    COMPREPLY=()\n"
    "    while IFS=$'\\t' read -r kind text help; do\n"
    "        case $kind in\n"
    "        prefix) prefix=$text ;;\n"
    "        files) compopt -o default ;;\n"
    "        directories) compopt -o dirnames ;;\n"
    "        *)\n"
    "            [[ $prefix$text == \"$current\"* ]] || continue\n"
    "            text=$prefix$text\n"
    "            COMPREPLY+=(\"${text#\"$cut\"}\")\n"
    "            [[ $kind == word ]] || compopt -o nospace\n"
    "            ;;\n"
    "        esac\n"
    "    done < <(mmt help --table 2>/dev/null | awk -- '\n";

static const char bash_after[] =
    "' \"${words[@]:1}\" 2>/dev/null)\n"
    "}\n"
    "complete -F _mmt mmt $(mmt --list 2>/dev/null | sed s/^/mmt-/)\n";

static const char zsh_before[] =
    "#compdef mmt -P mmt-*\n"
    "# Completion of mmt for zsh: mmt itself is asked for all that it knows.\n"
    "_mmt() {\n"
    "    local kind text help\n"
    "    local -a typed full open\n"
    "    typed=(\"${(@Q)words[2,CURRENT-1]}\" \"${(Q)PREFIX}\")\n"
    "    # Called by the name mmt-COMMAND, it is that command.\n"
    "    [[ ${words[1]:t} != mmt-* ]] || typed=(\"${${words[1]:t}#mmt-}\" "
    "\"${typed[@]}\")\n"
    "    while IFS= read -r kind; do\n"
    "        text=${kind#*$'\\t'} kind=${kind%%$'\\t'*}\n"
    "        help=${text#*$'\\t'} text=${text%%$'\\t'*}\n"
    "        case $kind in\n"
    "        prefix) compset -p ${#text} ;;\n"
    "        files) _files ;;\n"
    "        directories) _path_files -/ ;;\n"
    "        word) full+=(\"${text//:/\\\\:}${help:+:$help}\") ;;\n"
    "        part) open+=(\"${text//:/\\\\:}${help:+:$help}\") ;;\n"
    "        esac\n"
    "    done < <(mmt help --table 2>/dev/null | awk -- '\n";

static const char zsh_after[] = "' \"${typed[@]}\" 2>/dev/null)\n"
                                "    _describe word full\n"
                                "    _describe step open -S ''\n"
                                "}\n"
                                "if [[ $funcstack[1] == _mmt ]]; then\n"
                                "    _mmt \"$@\"\n"
                                "else\n"
                                "    compdef _mmt mmt -P mmt-\\*\n"
                                "fi\n";

static const char fish_before[] =
    "# Completion of mmt for fish: mmt itself is asked for all that it "
    "knows.\n"
    "function __mmt_complete\n"
    "    set -l typed (commandline -opc)\n"
    "    # Called by the name mmt-COMMAND, it is that command.\n"
    "    set typed (string replace -rf -- '(^|.*/)mmt-' '' $typed[1]) "
    "$typed[2..-1]\n"
    "    set -l current (commandline -ct)\n"
    "    # Without quotes; one that is still open comes first.\n"
    "    set current (string unescape -- \"$current\"\n"
    "        or string trim -l -c \\'\\\" -- \"$current\")\n"
    "    set -l prefix\n"
    "    mmt help --table 2>/dev/null | awk -- '\n";

static const char fish_after[] =
    "' $typed \"$current\" 2>/dev/null | while read -d \\t -l kind text help\n"
    "        switch $kind\n"
    "            case prefix\n"
    "                set prefix $text\n"
    "            case files directories\n"
    "                set -l part (string sub -s (math 1 + (string length -- "
    "\"$prefix\")) -- \"$current\")\n"
    "                set -l found\n"
    "                if test $kind = files\n"
    "                    set found (__fish_complete_path \"$part\")\n"
    "                else\n"
    "                    set found (__fish_complete_directories \"$part\")\n"
    "                end\n"
    "                for path in $found\n"
    "                    echo $prefix$path\n"
    "                end\n"
    "            case '*'\n"
    "                printf '%s\\t%s\\n' $prefix$text $help\n"
    "        end\n"
    "    end\n"
    "end\n"
    "for name in mmt mmt-(mmt --list 2>/dev/null)\n"
    "    complete -c $name -f -a '(__mmt_complete)'\n"
    "end\n";

static const struct {
    const char *shell;
    const char *before; /* the program */
    const char *after;
} scripts[] = {
    { "bash", bash_before, bash_after },
    { "zsh", zsh_before, zsh_after },
    { "fish", fish_before, fish_after },
};

bool
completion_print(const char *shell)
{
    size_t index;

    for (index = 0; index < sizeof scripts / sizeof scripts[0]; index++) {
        if (strcmp(scripts[index].shell, shell) != 0)
            continue;
        report("%s%s%s%s", scripts[index].before, of_values, of_lines,
               scripts[index].after);
        return true;
    }
    return false;
}
