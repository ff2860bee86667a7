package io.tidegate.processor.result;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Makes messages of results. Pure: any thread; equal results give equal bytes. */
public final class Messages {

    private static final JsonFactory JSON = new JsonFactory();

    private Messages() {}

    /** The message of a result. */
    public static Message of(Result result) {
        StringWriter json = new StringWriter(256);
        try (JsonGenerator out = JSON.createGenerator(json)) {
            JsonBody body = new JsonBody(out);
            body.object(null, () -> write(result, body));
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory can be written", e);
        }
        return new Message(result.topic(), result.retained(), json.toString());
    }

    static void write(Result result, Body body) throws IOException {
        Header header = result.header();
        body.text("query", header.subject().query());
        body.text("id", result.id());
        body.whole("rev", header.rev());
        body.whole("batch", header.batch());
        body.key(header.subject(), header.key());
        result.writeBody(body);
    }
}
