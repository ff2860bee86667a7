package io.tidegate.gateway.ingest.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.gateway.log.StateUpdate;
import java.io.IOException;
import java.io.UncheckedIOException;

/** How the state of files is stored: as JSON of records, which a person can read as well. */
final class JsonState {

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonState() {}

    static StateUpdate update(String key, Record fileState) {
        try {
            return new StateUpdate(key, JSON.writeValueAsBytes(fileState));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws UncheckedIOException when there is no such record in it: a defect, or a newer version wrote it */
    static <T extends Record> T read(byte[] update, Class<T> type) {
        try {
            return JSON.readValue(update, type);
        } catch (IOException e) {
            throw new UncheckedIOException("the state of a file that can't be read", e);
        }
    }
}
