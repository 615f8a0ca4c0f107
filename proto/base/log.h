/*
 * log: lines for whoever runs the program (journal, stderr). Not the record of incidents: that is server/store.
 * The subject says who the line is about ("terminal:t1 127.0.0.1:4711"), so every line answers 'who'.
 * Control characters in what peers sent are neutralised. Never pass a password or a token.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

void log_set_level(enum log_level);
void log_set_program(const char *name); /* borrowed */
void log_line(enum log_level, const char *subject, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#define log_debug(subject, ...) log_line(LOG_DEBUG, subject, __VA_ARGS__)
#define log_info(subject, ...) log_line(LOG_INFO, subject, __VA_ARGS__)
#define log_warning(subject, ...) log_line(LOG_WARNING, subject, __VA_ARGS__)
#define log_error(subject, ...) log_line(LOG_ERROR, subject, __VA_ARGS__)

#endif
