package io.tidegate.processor.aggregate;

import org.jspecify.annotations.Nullable;

/**
 * What a visit needs of one request.
 *
 * @param path null when the request line had none
 * @param bytes the size of the response; a negative one counts as 0, as does none
 * @param error whether it was answered with a status of 400 or more
 */
public record RequestFields(@Nullable String path, long bytes, boolean error) {

    /** Replaces negative sizes, which nothing has. */
    public RequestFields {
        bytes = Math.max(0, bytes);
    }
}
