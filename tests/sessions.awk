# sessions.awk - the shell sessions of a README or a man page, as a script.
#
# A session is a block "```console" of a README, or a block ".Bd -literal" of a
# man page that has a line "$ COMMAND". Lines "> MORE" continue the command;
# what follows, up to the next one or the end of the block, is its output.
# For each of them a line of shell is written, and one for each heading:
#
#   tour_heading 'TEXT'
#   tour_step 'COMMAND' 'OUTPUT'
#
# SPDX-License-Identifier: MIT

function quoted(text) {
    gsub(/'/, "'\\''", text)
    return "'" text "'"
}

function heading(text) {
    print "tour_heading " quoted(text)
}

function end_step() {
    if (command != "")
        print "tour_step " quoted(command) " " quoted(output)
    command = output = ""
}

# What mandoc would show for a line of mdoc.
function shown(line,    text, name) {
    text = ""
    while (match(line, /\\(\(..|.)/)) {
        name = substr(line, RSTART + 1, RLENGTH - 1)
        text = text substr(line, 1, RSTART - 1)
        text = text (name in characters ? characters[name] : "\\" name)
        line = substr(line, RSTART + RLENGTH)
    }
    return text line
}

function take(line) {
    if (line ~ /^\$ /) {
        end_step()
        command = substr(line, 3)
        in_command = 1
    } else if (in_command && line ~ /^> /) {
        command = command "\n" substr(line, 3)
    } else {
        in_command = 0
        output = output line "\n"
    }
}

BEGIN {
    characters["e"] = characters["(rs"] = "\\"
    characters["-"] = "-"
    characters["&"] = ""
    characters[" "] = " "
    characters["(em"] = characters["(en"] = "-"
    characters["(aq"] = "'"
    characters["(dq"] = "\""
    characters["(ga"] = "`"
    characters["(ha"] = "^"
    characters["(ti"] = "~"
}

/^```console/ { inside = 1; next }
/^```/ { end_step(); inside = 0; next }
FILENAME ~ /\.md$/ {
    if (inside)
        take($0)
    else if (sub(/^#+ /, ""))
        heading($0)
    next
}

/^\.Bd -literal/ { inside = 1; next }
/^\.Ed/ { end_step(); inside = 0; next }
inside { take(shown($0)) }
/^\.S[hs] / { sub(/^\.S[hs] /, ""); heading(shown($0)) }
