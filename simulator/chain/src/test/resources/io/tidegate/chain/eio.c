/*
 * A disk that fails once: the first fsync or fdatasync of a file whose path ends with $EIO_SUFFIX after the file
 * $EIO_TRIGGER has appeared returns EIO, and what was written since the last one is gone, as it is on a real disk
 * whose dirty pages the kernel gives up.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST 65536

static off_t synced[MOST];

static int is_struck(int fd) {
    const char *trigger = getenv("EIO_TRIGGER");
    const char *suffix = getenv("EIO_SUFFIX");
    char link[64];
    char path[PATH_MAX + 1];
    if (trigger == NULL || suffix == NULL || access(trigger, F_OK) != 0) {
        return 0;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX);
    if (length < (ssize_t) strlen(suffix)) {
        return 0;
    }
    path[length] = 0;
    /* Only one caller can remove it. */
    return strcmp(path + length - strlen(suffix), suffix) == 0 && unlink(trigger) == 0;
}

static int sync_or_fail(int fd, const char *name) {
    int (*real)(int) = (int (*)(int)) dlsym(RTLD_NEXT, name);
    struct stat file;
    if (is_struck(fd)) {
        if (fd < MOST && ftruncate(fd, synced[fd]) != 0) {
            abort();
        }
        errno = EIO;
        return -1;
    }
    int result = real(fd);
    if (result == 0 && fd < MOST && fstat(fd, &file) == 0) {
        synced[fd] = file.st_size;
    }
    return result;
}

int fsync(int fd) {
    return sync_or_fail(fd, "fsync");
}

int fdatasync(int fd) {
    return sync_or_fail(fd, "fdatasync");
}
