package io.tidegate.processor.result;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Makes messages of results. Pure: any thread; equal results give equal bytes. */
public final class ResultMessages {

    private static final JsonFactory JSON = new JsonFactory();

    private ResultMessages() {}

    /** The message of a result. */
    public static ResultMessage of(Result result) {
        StringWriter json = new StringWriter(256);
        try (JsonGenerator out = JSON.createGenerator(json)) {
            JsonFieldWriter writer = new JsonFieldWriter(out);
            writer.object(null, () -> write(result, writer));
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory can be written", e);
        }
        return new ResultMessage(result.topic(), result.retained(), json.toString());
    }

    static void write(Result result, FieldWriter writer) throws IOException {
        ResultHeader header = result.header();
        writer.text("query", header.subject().query());
        writer.text("id", result.id());
        writer.whole("rev", header.rev());
        writer.whole("batch", header.batch());
        writer.key(header.subject(), header.key());
        result.writeFields(writer);
    }
}
