#include "agent/status.h"

#include <inttypes.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "agent/home.h"
#include "base/mem.h"
#include "base/text.h"
#include "lib/durable.h"

void status_write(struct agent *a)
{
	struct buf b;
	bool up = home_state(a->home) == HOME_UP;
	char *server = xasprintf("%s:%u", a->settings->server, (unsigned)a->settings->port);
	buf_init(&b, 4096);
	buf_printf(&b, "{\"pid\":%ld,\"connected\":%s,\"since\":%" PRId64 ",\"cannot_record\":%s,\"server\":", (long)getpid(),
		up ? "true" : "false", home_since(a->home), up && home_cannot_record(a->home) ? "true" : "false");
	text_json(&b, server);
	buf_puts(&b, ",\"why\":");
	text_json(&b, home_why(a->home));
	buf_puts(&b, "}\n");
	char *path = xasprintf("%s/agent.status", a->settings->state);
	/* Only a convenience: where it cannot be written, alerting goes on. */
	(void)durable_write(path, b.data, b.len, 0644);
	sd_notifyf(0, "STATUS=%s %s", up ? "connected to" : "not connected to", server);
	free(path);
	free(server);
	buf_free(&b);
}
