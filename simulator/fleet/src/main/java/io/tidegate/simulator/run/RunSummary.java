package io.tidegate.simulator.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.simulator.fleet.FleetSummary;
import io.tidegate.simulator.json.Json;
import io.tidegate.simulator.web.WebSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * What a run of a fleet did, for another program:
 *
 * <pre>{@code
 * {"messages":{"sent":10,"acknowledged":10,"failed":0,"duplicates":0,"outOfOrder":0,"tookMs":1000},
 *  "lines":{"sent":5,"failed":0,"damaged":0,"tookMs":1000}}
 * }</pre>
 *
 * @param lines of the access log; absent when there was no web traffic, or when it did not come to its end
 */
record RunSummary(FleetSummary messages, Optional<WebSummary> lines) {

    /** Writes it into a file, which is there as a whole or not at all. */
    void write(Path file) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(unfinished, Json.write(json()) + "\n");
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("messages")
                .put("sent", messages.sent())
                .put("acknowledged", messages.acknowledged())
                .put("failed", messages.failed())
                .put("duplicates", messages.duplicates())
                .put("outOfOrder", messages.outOfOrder())
                .put("tookMs", messages.took().toMillis());
        lines.ifPresent(web -> json.putObject("lines")
                .put("sent", web.sent())
                .put("failed", web.failed())
                .put("damaged", web.damaged())
                .put("tookMs", web.took().toMillis()));
        return json;
    }
}
