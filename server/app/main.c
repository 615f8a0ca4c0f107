/* renrakud: the server. Reads the configuration and either administrates or serves. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/admin.h"
#include "app/config.h"
#include "app/server.h"
#include "base/log.h"

static bool set_level(const char *name)
{
	static const char *const names[] = {"debug", "info", "warning", "error"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0) {
			log_set_level((enum log_level)i);
			return true;
		}
	fprintf(stderr, "renrakud: log_level: expected debug, info, warning or error, not '%s'\n", name);
	return false;
}

static int run(const struct config *config)
{
	if (config->help) {
		config_help(stdout, strcmp(config->lang, "en") == 0);
		return EXIT_FINE;
	}
	if (config->version) {
		printf("renrakud %s\n", RENRAKU_VERSION);
		return EXIT_FINE;
	}
	if (!set_level(config->log_level))
		return EXIT_USAGE;
	if (config->load_plan != NULL || config->load_site != NULL || config->set_password != NULL)
		return admin_run(config);
	return server_run(config);
}

int main(int argc, char **argv)
{
	struct config config;
	int code = EXIT_USAGE;

	log_set_program("renrakud");
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a full disk, which has its own answer */
	config_init(&config);
	if (config_read_arguments(&config, argc, argv, stderr))
		code = run(&config);
	config_free(&config);
	return code;
}
