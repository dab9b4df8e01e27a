/*
 * ring.pml - the protocol of src/memory/ring.c, for the model checker spin.
 *
 * Every access to what both ends share is a step of its own, and an end may be
 * killed between any two of them; it is then started again, with --resume. The
 * byte sent as number n is n, so an overrun, a byte skipped or written twice
 * is a wrong byte. Nobody waits for a time here: a sleep ends by a post, or
 * when the other end died during it. So a wake-up lost otherwise is a
 * deadlock, which spin reports.
 *
 * MUTANT builds one mistake in, which has to be found; see model.sh.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CAPACITY
#define CAPACITY 2
#endif
#ifndef TOTAL
#define TOTAL 4
#endif
#ifndef DEATHS
#define DEATHS 2
#endif
#ifndef MUTANT
#define MUTANT 0
#endif

#define SENDER   0
#define RECEIVER 1
#define NOBODY   2

#define OPEN     0
#define FINISHED 1
#define RECEIVED 2

/* The header and the ring. */
byte written, taken, reached, phase;
byte ring[CAPACITY];
bool asleep[2];
byte posts[2]; /* the values of the semaphores */

/* The system: locks, the output file, and who is being killed. */
byte maker = NOBODY;
bool alive[2];
bool killed[2];
bool orphaned[2]; /* the other end died during this sleep */
byte arrived;     /* bytes in the output */
byte deaths;

inline wake(other)
{
    if
    :: asleep[other] ->
        atomic {
            was_asleep = asleep[other];
            asleep[other] = false
        };
        if
        :: was_asleep -> posts[other]++
        :: else
        fi
    :: else
    fi;
    was_asleep = false
}

/* Sleep until `changed` holds, posted, or left alone. */
inline wait_for(me, changed)
{
    do
    :: atomic { posts[me] > 0 -> posts[me]-- }
    :: posts[me] == 0 -> break
    od;
#if MUTANT == 1 /* looks before it says that it sleeps */
    if
    :: changed -> skip
    :: else ->
        atomic { asleep[me] = true; orphaned[me] = false };
        if
        :: atomic { posts[me] > 0 -> posts[me]-- }
        :: orphaned[me]
        fi
    fi;
#else
    atomic { asleep[me] = true; orphaned[me] = false };
    if
    :: changed -> skip
    :: else ->
        if
        :: atomic { posts[me] > 0 -> posts[me]-- }
        :: orphaned[me]
        fi
    fi;
#endif
    asleep[me] = false
}

inline attach(me, other)
{
    atomic { maker == NOBODY -> maker = me };
    alive[me] = true;
    if
    :: !alive[other] ->
        posts[SENDER] = 0;
        asleep[SENDER] = false;
        posts[RECEIVER] = 0;
        asleep[RECEIVER] = false
    :: else ->
#if MUTANT == 2 /* makes the semaphore of a living end anew */
        posts[other] = 0;
        asleep[other] = false;
#endif
        asleep[me] = false
    fi
}

/* What the system does when a process has been killed. */
inline bury(me, other)
{
    atomic {
        killed[me] ->
        killed[me] = false;
        alive[me] = false;
        orphaned[other] = true;
        if
        :: maker == me -> maker = NOBODY
        :: else
        fi
    }
}

proctype sender()
{
    byte count, seen, length;
    bool was_asleep;

start:
    {
        attach(SENDER, RECEIVER);
        count = written;
        maker = NOBODY;
        do
        :: phase != OPEN -> break
        :: phase == OPEN && count == TOTAL ->
            phase = FINISHED;
            wake(RECEIVER)
        :: phase == OPEN && count < TOTAL ->
            seen = taken;
            if
            :: count - seen == CAPACITY ->
                wait_for(SENDER, taken != seen)
            :: else ->
                length = 0;
                do
                :: count + length < TOTAL &&
                   count + length - seen < CAPACITY ->
                    ring[(count + length) % CAPACITY] = count + length;
                    length++
                :: length > 0 -> break
                od;
                count = count + length;
#if MUTANT == 3 /* looks whether the other sleeps before it has published */
                wake(RECEIVER);
                written = count
#else
                written = count;
                wake(RECEIVER)
#endif
            fi
        od;
        alive[SENDER] = false
    } unless {
        bury(SENDER, RECEIVER);
        count = 0; seen = 0; length = 0; was_asleep = false;
        goto start
    }
}

proctype receiver()
{
    byte count, seen, length, now;
    bool was_asleep;

start:
    {
        attach(RECEIVER, SENDER);
        count = taken;
        assert(arrived >= count && arrived <= reached || phase == RECEIVED);
#if MUTANT != 4 /* forgets what was written and not yet counted */
        count = arrived;
#endif
        taken = count;
        wake(SENDER);
        maker = NOBODY;
        do
        :: phase == RECEIVED -> break
        :: else ->
            now = phase;
#if MUTANT == 5 /* looks at the phase after the counter */
            seen = written;
            now = phase;
#else
            seen = written;
#endif
            assert(seen - count <= CAPACITY);
            if
            :: seen == count && now == FINISHED -> phase = RECEIVED
            :: seen == count && now == OPEN ->
                wait_for(RECEIVER, written != seen || phase != now)
            :: seen > count ->
                length = 0;
                do
                :: count + length < seen -> length++
                :: length > 0 -> break
                od;
                reached = count + length;
                do
                :: arrived < count + length ->
                    assert(ring[arrived % CAPACITY] == arrived);
                    arrived++
                :: else -> break
                od;
                count = count + length;
#if MUTANT == 6 /* gives the room back, and never wakes who waits for it */
                taken = count
#else
                taken = count;
                wake(SENDER)
#endif
            fi
        od;
        assert(arrived == TOTAL);
        alive[RECEIVER] = false
    } unless {
        bury(RECEIVER, SENDER);
        count = 0; seen = 0; length = 0; now = 0; was_asleep = false;
        goto start
    }
}

active proctype killer()
{
end:
    do
    :: atomic {
        deaths < DEATHS && alive[SENDER] && !killed[SENDER] ->
        killed[SENDER] = true; deaths++
    }
    :: atomic {
        deaths < DEATHS && alive[RECEIVER] && !killed[RECEIVER] ->
        killed[RECEIVER] = true; deaths++
    }
    :: deaths == DEATHS -> break
    od
}

init {
    atomic { run sender(); run receiver() }
}
