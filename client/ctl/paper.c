#include "ctl/paper.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ctl/out.h"

#define PROGRAM "renraku-report"
#define ARGS_MAX 64u
#define PATH_SIZE 4096

/* Beside this very program, whatever PATH says: another one on the way would have the caller's rights. */
static char *beside(struct ctl *ctl)
{
	char *path = arena_alloc(ctl->arena, PATH_SIZE), *slash;
	ssize_t n = readlink("/proc/self/exe", path, PATH_SIZE - 1);

	slash = n > 0 ? strrchr(path, '/') : NULL;
	return slash ? arena_printf(ctl->arena, "%.*s" PROGRAM, (int)(slash - path) + 1, path) : arena_strdup(ctl->arena, PROGRAM);
}

static void option(char **argv, size_t *n, const char *name, const char *value)
{
	argv[(*n)++] = (char *)(uintptr_t)name;
	argv[(*n)++] = (char *)(uintptr_t)value;
}

int paper_run(struct ctl *ctl, const char *job)
{
	static const char *const passed[] = {"config", "as", "format", "out"};
	char *argv[ARGS_MAX] = {(char *)(uintptr_t)PROGRAM, (char *)(uintptr_t)job}, *program = beside(ctl);
	size_t n = 2, i;

	for (i = 0; i < sizeof passed / sizeof *passed; i++)
		if (opt_value(&ctl->line, passed[i]))
			option(argv, &n, arena_printf(ctl->arena, "--%s", passed[i]), opt_value(&ctl->line, passed[i]));
	option(argv, &n, "--lang", i18n_get() == I18N_EN ? "en" : "ja");
	if (ctl->json)
		argv[n++] = (char *)(uintptr_t) "--json";
	argv[n++] = (char *)(uintptr_t) "--";
	for (i = 0; i < ctl->line.n_args && n < ARGS_MAX - 1; i++)
		argv[n++] = (char *)(uintptr_t)ctl->line.args[i];
	argv[n] = NULL;
	(void)fflush(NULL);
	execv(program, argv);
	out_error(T("印刷のプログラム %s を始められません: %s。管理者に renraku-report の導入を頼んでください。",
			  "Cannot start %s: %s. Have renraku-report installed."),
		program, strerror(errno));
	return CTL_LOCAL;
}
