/*
 * player.c - the process of a role: gets steps, does them, answers.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/player.h"

#include "memory/clock.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What goes to a player: this, the text, then the bytes of the value. */
struct message {
    struct step step;
    size_t text_length; /* with its NUL */
};

/*
 * Send or receive all: 0 or an errno value; EPIPE when the other has ended, and
 * ETIMEDOUT when it takes nothing until a limit (memory/clock.h) runs out.
 */
static int
send_all(int socket, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length > 0) {
        ssize_t count = send(socket, at, length, MSG_NOSIGNAL);

        if (count < 0 && errno != EINTR)
            return errno;
        if (count < 0 && clock_expired())
            return ETIMEDOUT;
        if (count > 0) {
            at += count;
            length -= (size_t)count;
        }
    }
    return 0;
}

static int
receive_all(int socket, void *bytes, size_t length)
{
    char *at = bytes;

    while (length > 0) {
        ssize_t count = recv(socket, at, length, 0);

        if (count == 0)
            return EPIPE;
        if (count < 0 && errno != EINTR)
            return errno;
        if (count > 0) {
            at += count;
            length -= (size_t)count;
        }
    }
    return 0;
}

int
player_send(int socket, const struct step *step)
{
    struct message message = { .step = *step };
    int error;

    message.text_length = strlen(step->text) + 1;
    error = send_all(socket, &message, sizeof message);
    if (!error)
        error = send_all(socket, step->text, message.text_length);
    if (!error && step->bytes)
        error = send_all(socket, step->bytes, step->size + 1);
    return error;
}

int
player_hear(int socket, struct outcome *outcome)
{
    return receive_all(socket, outcome, sizeof *outcome);
}

/* Receive a step, whose text and bytes are the caller's to free. */
static int
receive_step(int socket, struct message *message, const char *role)
{
    struct step *step = &message->step;
    char *text;
    bool has_bytes;
    int error = receive_all(socket, message, sizeof *message);

    if (error)
        return error;
    has_bytes = step->bytes != NULL;
    text = malloc(message->text_length);
    step->bytes = has_bytes ? malloc(step->size + 1) : NULL;
    if (!text || (has_bytes && !step->bytes))
        error = ENOMEM;
    if (!error)
        error = receive_all(socket, text, message->text_length);
    if (!error && has_bytes)
        error = receive_all(socket, step->bytes, step->size + 1);
    if (error) {
        free(text);
        free(step->bytes);
        return error;
    }
    step->text = text;
    step->role = role;
    return 0;
}

struct outcome
player_perform(const struct scene *scene, const struct step *step)
{
    scene->begin(scene->context, step);
    scene->stage->number = step->number;
    scene->stage->text = step->text;
    return step_run(scene->stage, step);
}

void
player_play(const struct scene *scene, const char *role, int socket)
{
    struct message message;

    while (receive_step(socket, &message, role) == 0) {
        struct outcome outcome = player_perform(scene, &message.step);
        int unwritten = scene->end(scene->context, &message.step, &outcome);

        /* The parent looks after its own output only. */
        if (unwritten && outcome.kind == OUTCOME_OK)
            outcome = outcome_of(unwritten);
        if (send_all(socket, &outcome, sizeof outcome) != 0)
            break;
        free((char *)(uintptr_t)message.step.text);
        free(message.step.bytes);
    }
    _exit(0);
}
