/*
 * view_frames: a ViewUpdate written straight from packed rows, cut into as many frames as needed. Rows come packed from
 * server/view; unpacking them only to pack them again would be work for nothing, so this file writes the protobuf fields by hand.
 */
#ifndef APP_VIEW_FRAMES_H
#define APP_VIEW_FRAMES_H

#include "app/shell_state.h"

struct view_frames {
	struct hub_frame **at;
	size_t n, cap;
};
void view_frames_free(struct view_frames *);

/* Everything the view holds. ref: of the frame it answers. */
void view_frames_snapshot(struct view_frames *, const struct audience *, uint64_t ref);
/* What differs between `before` and the audience's rows. No frame when nothing does. */
void view_frames_changes(struct view_frames *, const struct audience *, const struct view_rows *before);

#endif
