/*
 * swallow LISTEN TARGET N: stands between a command line and its agent. Passes all that the command line says; of what comes back only
 * the first N frames, and swallows the rest: the answer is lost after the command was sent and acted upon. Serves one connection and ends.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int fail(const char *what)
{
	fprintf(stderr, "swallow: %s: %s\n", what, strerror(errno));
	exit(1);
}

static struct sockaddr_un address(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
	return a;
}

static void write_all(int fd, const char *data, size_t n)
{
	while (n) {
		ssize_t w = write(fd, data, n);
		if (w <= 0)
			exit(0);
		data += w;
		n -= (size_t)w;
	}
}

/* How many of these bytes still belong to the frames that may pass. */
struct gate {
	long frames;
	uint8_t head[4];
	size_t have_head, left; /* left: bytes of the frame that has begun */
};

static size_t passing(struct gate *g, const uint8_t *data, size_t n)
{
	size_t at = 0;
	while (at < n && g->frames > 0) {
		if (g->have_head < 4) {
			g->head[g->have_head++] = data[at++];
			g->left = (size_t)g->head[0] << 24 | (size_t)g->head[1] << 16 | (size_t)g->head[2] << 8 | g->head[3];
			continue;
		}
		size_t take = g->left < n - at ? g->left : n - at;
		at += take;
		g->left -= take;
		if (g->left == 0) {
			g->have_head = 0;
			g->frames--;
		}
	}
	return at;
}

static bool pump(int from, int to, struct gate *g)
{
	uint8_t data[16384];
	ssize_t n = read(from, data, sizeof data);
	if (n <= 0)
		return false;
	write_all(to, (const char *)data, g ? passing(g, data, (size_t)n) : (size_t)n);
	return true;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	struct sockaddr_un here = address(argv[1]), there = address(argv[2]);
	struct gate gate = {.frames = atol(argv[3])};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), server = socket(AF_UNIX, SOCK_STREAM, 0);
	unlink(argv[1]);
	if (bind(listener, (const struct sockaddr *)&here, sizeof here) || listen(listener, 1))
		fail(argv[1]);
	int client = accept(listener, NULL, NULL);
	if (client < 0 || connect(server, (const struct sockaddr *)&there, sizeof there))
		fail(argv[2]);
	struct pollfd p[2] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
	while (poll(p, 2, -1) > 0) {
		if (p[0].revents && !pump(client, server, NULL))
			break;
		if (p[1].revents && !pump(server, client, &gate))
			break;
	}
	unlink(argv[1]);
	return 0;
}
