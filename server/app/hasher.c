#include "app/hasher.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utlist.h>

#include "base/mem.h"

struct job {
	struct job *prev, *next;
	uint64_t ticket;
	char *password, *stored;
	bool ok;
	char *hash;
};

struct hasher {
	hasher_fn *on_hashed;
	void *arg;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct job *todo, *done; /* under the lock */
	bool stop;
	int fd;
};

char *hasher_make(const char *password)
{
	char *hash = xmalloc(crypto_pwhash_STRBYTES);

	if (sodium_init() >= 0 && crypto_pwhash_str(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
					  crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0)
		return hash;
	free(hash);
	return NULL;
}

static void work(struct job *job)
{
	if (job->stored != NULL) {
		job->ok = crypto_pwhash_str_verify(job->stored, job->password, strlen(job->password)) == 0;
		return;
	}
	job->hash = hasher_make(job->password);
	job->ok = job->hash != NULL;
}

static void *run(void *arg)
{
	struct hasher *h = arg;
	struct job *job;
	ssize_t n;

	pthread_mutex_lock(&h->lock);
	for (;;) {
		while (!h->stop && h->todo == NULL)
			pthread_cond_wait(&h->work, &h->lock);
		if (h->stop)
			break;
		job = h->todo;
		DL_DELETE(h->todo, job);
		pthread_mutex_unlock(&h->lock);
		work(job);
		pthread_mutex_lock(&h->lock);
		DL_APPEND(h->done, job);
		n = write(h->fd, &(uint64_t){1}, sizeof(uint64_t));
		(void)n; /* the counter of an eventfd cannot be full here */
	}
	pthread_mutex_unlock(&h->lock);
	return NULL;
}

struct hasher *hasher_new(hasher_fn *on_hashed, void *arg)
{
	struct hasher *h = xcalloc(1, sizeof *h);
	sigset_t all, old;
	int rc;

	rc = sodium_init();
	assert(rc >= 0);
	h->on_hashed = on_hashed;
	h->arg = arg;
	h->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	assert(h->fd >= 0);
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->work, NULL);
	/* Signals are the main thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	rc = pthread_create(&h->thread, NULL, run, h);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	assert(rc == 0);
	(void)rc;
	return h;
}

static void job_free(struct job *job)
{
	sodium_memzero(job->password, strlen(job->password));
	free(job->password);
	free(job->stored);
	free(job->hash);
	free(job);
}

void hasher_free(struct hasher *h)
{
	struct job *job, *next;

	if (h == NULL)
		return;
	pthread_mutex_lock(&h->lock);
	h->stop = true;
	pthread_cond_signal(&h->work);
	pthread_mutex_unlock(&h->lock);
	pthread_join(h->thread, NULL);
	DL_FOREACH_SAFE(h->todo, job, next)
		job_free(job);
	DL_FOREACH_SAFE(h->done, job, next)
		job_free(job);
	close(h->fd);
	pthread_cond_destroy(&h->work);
	pthread_mutex_destroy(&h->lock);
	free(h);
}

int hasher_fd(const struct hasher *h)
{
	return h->fd;
}

void hasher_poll(struct hasher *h)
{
	struct job *job, *next, *done;
	uint64_t count;
	ssize_t n = read(h->fd, &count, sizeof count);

	(void)n; /* nothing there: woken for nothing */
	pthread_mutex_lock(&h->lock);
	done = h->done;
	h->done = NULL;
	pthread_mutex_unlock(&h->lock);
	DL_FOREACH_SAFE(done, job, next) {
		h->on_hashed(h->arg, job->ticket, job->ok, job->hash);
		job_free(job);
	}
}

void hasher_add(struct hasher *h, uint64_t ticket, const char *password, const char *stored)
{
	struct job *job = xcalloc(1, sizeof *job);

	job->ticket = ticket;
	job->password = xstrdup(password);
	job->stored = stored != NULL ? xstrdup(stored) : NULL;
	pthread_mutex_lock(&h->lock);
	DL_APPEND(h->todo, job);
	pthread_cond_signal(&h->work);
	pthread_mutex_unlock(&h->lock);
}
