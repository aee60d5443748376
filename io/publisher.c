/* A ring of pending files and one thread that empties it. Owns the files handed over until they are published
 * or removed. */
#include "io/publisher.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PENDING_MAX = 16 }; /* bounds open files and what a crash would lose */

struct pending {
    int fd;
    const char *kind;
    char temporary[SG_PATH_BYTES], path[SG_PATH_BYTES];
};

struct sg_publisher {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t more, room; /* something to do or the end; something done */
    struct pending ring[PENDING_MAX];
    size_t first, count; /* of the ring; the one in hand still counts */
    bool end;
    enum sg_code code; /* first failure */
    struct sg_error err;
    char **folders; /* whose names are not synced yet */
    size_t folder_count;
};

static void drop(int fd, const char *temporary) {
    close(fd);
    unlink(temporary);
}

/* Remembers the folder of a file that has its name. */
static enum sg_code note_folder(struct sg_publisher *publisher, const char *path, struct sg_error *err) {
    char folder[SG_PATH_BYTES];
    sg_path_folder(folder, path);
    for (size_t i = 0; i < publisher->folder_count; i++)
        if (strcmp(publisher->folders[i], folder) == 0) return SG_OK;
    char **grown = realloc(publisher->folders, (publisher->folder_count + 1) * sizeof *grown);
    if (grown) publisher->folders = grown;
    char *copy = grown ? strdup(folder) : NULL;
    if (!copy) return sg_fail(err, SG_SYSTEM, "no memory to publish files");
    publisher->folders[publisher->folder_count++] = copy;
    return SG_OK;
}

/* What a failure before makes of a file: nothing. */
static enum sg_code publish(struct sg_publisher *publisher, const struct pending *file, bool failed,
                            struct sg_error *err) {
    if (failed) {
        drop(file->fd, file->temporary);
        return SG_OK;
    }
    enum sg_code code = sg_publish_name(file->fd, file->kind, file->temporary, file->path, err);
    if (code != SG_OK) {
        unlink(file->temporary);
        return code;
    }
    return note_folder(publisher, file->path, err);
}

static void *work(void *argument) {
    struct sg_publisher *publisher = argument;
    pthread_mutex_lock(&publisher->lock);
    for (;;) {
        while (publisher->count == 0 && !publisher->end)
            pthread_cond_wait(&publisher->more, &publisher->lock);
        if (publisher->count == 0) break;
        const struct pending *file = &publisher->ring[publisher->first];
        bool failed = publisher->code != SG_OK;
        struct sg_error err = {0};
        pthread_mutex_unlock(&publisher->lock);
        enum sg_code code = publish(publisher, file, failed, &err);
        pthread_mutex_lock(&publisher->lock);
        if (code != SG_OK) {
            publisher->code = code;
            publisher->err = err;
        }
        publisher->first = (publisher->first + 1) % PENDING_MAX;
        publisher->count--;
        pthread_cond_broadcast(&publisher->room);
    }
    pthread_mutex_unlock(&publisher->lock);
    return NULL;
}

/* Signals are for the threads that look out for them. */
static int start(struct sg_publisher *publisher) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&publisher->thread, NULL, work, publisher);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

enum sg_code sg_publisher_open(struct sg_publisher **publisher, struct sg_error *err) {
    struct sg_publisher *made = calloc(1, sizeof *made);
    *publisher = NULL;
    if (!made) return sg_fail(err, SG_SYSTEM, "no memory to publish files");
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->more, NULL);
    pthread_cond_init(&made->room, NULL);
    int failed = start(made);
    if (failed) {
        free(made);
        return sg_fail_errno(err, SG_SYSTEM, failed, "cannot start the thread that syncs files");
    }
    *publisher = made;
    return SG_OK;
}

enum sg_code sg_publisher_add(struct sg_publisher *publisher, int fd, const char *kind, const char *temporary,
                              const char *path, struct sg_error *err) {
    pthread_mutex_lock(&publisher->lock);
    while (publisher->count == PENDING_MAX)
        pthread_cond_wait(&publisher->room, &publisher->lock);
    enum sg_code code = publisher->code;
    if (code == SG_OK) {
        struct pending *file = &publisher->ring[(publisher->first + publisher->count++) % PENDING_MAX];
        file->fd = fd;
        file->kind = kind;
        strcpy(file->temporary, temporary);
        strcpy(file->path, path);
        pthread_cond_signal(&publisher->more);
    } else {
        *err = publisher->err;
        drop(fd, temporary);
    }
    pthread_mutex_unlock(&publisher->lock);
    return code;
}

enum sg_code sg_publisher_wait(struct sg_publisher *publisher, struct sg_error *err) {
    pthread_mutex_lock(&publisher->lock);
    while (publisher->count)
        pthread_cond_wait(&publisher->room, &publisher->lock);
    enum sg_code code = publisher->code;
    if (code != SG_OK) *err = publisher->err;
    pthread_mutex_unlock(&publisher->lock);
    for (; publisher->folder_count; publisher->folder_count--) {
        char *folder = publisher->folders[publisher->folder_count - 1];
        if (code == SG_OK) code = sg_sync_folder(folder, err);
        free(folder);
    }
    return code;
}

void sg_publisher_close(struct sg_publisher *publisher) {
    if (!publisher) return;
    pthread_mutex_lock(&publisher->lock);
    publisher->end = true;
    pthread_cond_signal(&publisher->more);
    pthread_mutex_unlock(&publisher->lock);
    pthread_join(publisher->thread, NULL);
    while (publisher->folder_count)
        free(publisher->folders[--publisher->folder_count]);
    free(publisher->folders);
    pthread_cond_destroy(&publisher->more);
    pthread_cond_destroy(&publisher->room);
    pthread_mutex_destroy(&publisher->lock);
    free(publisher);
}
