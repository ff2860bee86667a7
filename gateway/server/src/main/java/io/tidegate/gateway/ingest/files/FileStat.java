package io.tidegate.gateway.ingest.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A file at one moment, as the file system tells it.
 *
 * @param inode its number, which a rename does not change; that of a file that is gone may be given to a new one
 * @param size in bytes
 * @param modifiedNs when it was last written to, ns since the epoch
 */
record FileStat(long inode, long size, long modifiedNs) {

    /**
     * Of a regular file; anything else is none, also a link, wherever it leads.
     *
     * @throws IOException when it is not there, or nobody lets us look
     */
    static Optional<FileStat> of(Path file) throws IOException {
        Map<String, Object> all =
                Files.readAttributes(file, "unix:isRegularFile,ino,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        if (!get(all, "isRegularFile", Boolean.class)) {
            return Optional.empty();
        }
        long modifiedNs = get(all, "lastModifiedTime", FileTime.class).to(TimeUnit.NANOSECONDS);
        return Optional.of(new FileStat(get(all, "ino", Long.class), get(all, "size", Long.class), modifiedNs));
    }

    private static <T> T get(Map<String, Object> attributes, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(attributes.get(name)));
    }
}
