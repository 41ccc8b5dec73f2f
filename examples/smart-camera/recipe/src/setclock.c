/* setclock: lets the web interface set the clock, and nothing else. Installed set-user-id root in version 2.4.0.
 * It is an ordinary helper: it takes one number, checks it, and starts no other program.
 * SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
    char *end = NULL;
    errno = 0;
    long long seconds = argc == 2 ? strtoll(argv[1], &end, 10) : 0;
    if (argc != 2 || errno || !end || *end || seconds < 1700000000LL || seconds > 2147483647LL) {
        fprintf(stderr, "usage: setclock SECONDS-SINCE-1970\n");
        return 2;
    }
    struct timespec now = { .tv_sec = (time_t)seconds };
    if (clock_settime(CLOCK_REALTIME, &now)) {
        perror("setclock");
        return 1;
    }
    return 0;
}
