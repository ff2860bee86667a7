package io.tidegate.gateway.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.gateway.log.Mark;
import java.io.IOException;
import java.io.UncheckedIOException;

/** How notes about files are written into marks: JSON of records, which a person can read as well. */
final class Notes {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Notes() {}

    static Mark mark(String key, Record note) {
        try {
            return new Mark(key, JSON.writeValueAsBytes(note));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws UncheckedIOException when no such note is in it: a defect, or a newer version wrote it */
    static <T extends Record> T read(byte[] mark, Class<T> type) {
        try {
            return JSON.readValue(mark, type);
        } catch (IOException e) {
            throw new UncheckedIOException("a note about a file that can't be read", e);
        }
    }
}
