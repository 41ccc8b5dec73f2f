/* streamd: hands the live picture to the web server of the camera.
 * It listens on the loopback address only; lighttpd forwards /live to it over TLS. This sample has no camera behind it and
 * answers every request with a still picture of its own (a small bitmap).
 * SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <arpa/inet.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WIDTH = 8, HEIGHT = 8, HEADER = 54, SIZE = HEADER + WIDTH * HEIGHT * 3 };

static void bitmap(unsigned char *out, unsigned frame)
{
    static const unsigned char head[HEADER] = {
        'B', 'M', SIZE & 255, SIZE >> 8, 0, 0, 0, 0, 0, 0, HEADER, 0, 0, 0, 40, 0, 0, 0,
        WIDTH, 0, 0, 0, HEIGHT, 0, 0, 0, 1, 0, 24, 0 };
    memcpy(out, head, HEADER);
    for (unsigned i = 0; i < WIDTH * HEIGHT * 3; i++)
        out[HEADER + i] = (unsigned char)(frame + i * 7);
}

static int drop_to(const char *user)
{
    const struct passwd *pw = getpwnam(user);
    if (!pw) {
        fprintf(stderr, "streamd: no account '%s'\n", user);
        return -1;
    }
    if (setgroups(0, NULL) || setgid(pw->pw_gid) || setuid(pw->pw_uid)) {
        perror("streamd: giving up privileges");
        return -1;
    }
    return 0;
}

static void answer(int fd, unsigned frame)
{
    char request[1024], head[160];
    unsigned char picture[SIZE];
    if (read(fd, request, sizeof request) <= 0)
        return;
    bitmap(picture, frame);
    int n = snprintf(head, sizeof head,
        "HTTP/1.0 200 OK\r\nContent-Type: image/bmp\r\nContent-Length: %d\r\nCache-Control: no-store\r\n\r\n", SIZE);
    if (n < 0 || write(fd, head, (size_t)n) != n || write(fd, picture, SIZE) != SIZE)
        fprintf(stderr, "streamd: the peer went away\n");
}

int main(int argc, char **argv)
{
    const char *user = NULL;
    int port = 8554, option;
    while ((option = getopt(argc, argv, "p:u:")) != -1) {
        if (option == 'p')
            port = atoi(optarg);
        else if (option == 'u')
            user = optarg;
        else
            return 2;
    }
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one)
        || bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 4)) {
        perror("streamd");
        return 1;
    }
    if (user && drop_to(user))
        return 1;
    signal(SIGPIPE, SIG_IGN);
    for (unsigned frame = 0;; frame++) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            continue;
        answer(fd, frame);
        close(fd);
    }
}
