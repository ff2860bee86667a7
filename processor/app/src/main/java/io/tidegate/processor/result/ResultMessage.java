package io.tidegate.processor.result;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;

/**
 * A result as it is published.
 *
 * @param topic where
 * @param retained whether the broker keeps it for whoever subscribes later
 * @param json the body
 */
public record ResultMessage(String topic, boolean retained, String json) implements Serializable {

    /** The message of a result. Equal results give equal bytes. */
    public static ResultMessage of(Result result) {
        return new ResultMessage(
                result.topic(), result.retained(), JsonFieldWriter.text(json -> json.object(null, result::write)));
    }

    /** The body in UTF-8. */
    public byte[] payload() {
        return json.getBytes(UTF_8);
    }
}
