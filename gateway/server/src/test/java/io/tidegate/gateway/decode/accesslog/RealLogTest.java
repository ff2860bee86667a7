package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.protocol.v1.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand lines of a real site, against a reading of its own: split at quotes and spaces. The file is public and not
 * part of the project; {@code -Dtidegate.access-log=F} says where it is.
 */
class RealLogTest {

    private static final Path FILE = Path.of(
            System.getProperty("tidegate.access-log", "../../../shared/data/apache_combined_semicomplete_2015.log"));
    private static final DateTimeFormatter CLF = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss xx", Locale.ENGLISH);

    private static List<String> lines = List.of();

    @BeforeAll
    static void read() throws Exception {
        assumeTrue(Files.exists(FILE), FILE + " is not here (see -Dtidegate.access-log)");
        lines = Files.readAllLines(FILE, ISO_8859_1);
    }

    @Test
    void exactly_one_line_is_damaged_and_the_statuses_add_up() throws MalformedInput {
        List<String> damaged = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        AccessLog log = Lines.log();
        for (String line : lines) {
            try {
                requests.add(Lines.entry(log, line).request());
            } catch (MalformedInput e) {
                damaged.add(line);
            }
        }

        assertThat(damaged)
                .singleElement()
                .satisfies(line ->
                        assertThat(line).contains("20/May/2015:12:05:17").endsWith("bot.html"));
        // 9126 lines say 200, the damaged one among them.
        assertThat(requests.stream().collect(groupingBy(Request::getStatus, counting())))
                .isEqualTo(Map.of(200, 9125L, 304, 445L, 404, 213L, 301, 164L, 206, 45L, 500, 3L, 416, 2L, 403, 2L));
        assertThat(requests.stream().map(Request::getClient).distinct()).hasSize(1753);
    }

    @Test
    void every_field_is_what_a_split_at_quotes_gives() throws MalformedInput {
        AccessLog log = Lines.log();
        for (String line : lines) {
            String[] quoted = line.split("\"", -1);
            if (quoted.length == 7 && line.indexOf('\\') < 0) {
                AccessLogEntry entry = Lines.entry(log, line);
                Request request = entry.request();
                String[] who = quoted[0].split("[ \\[\\]]+", -1);
                String[] what = quoted[1].split(" ", -1);
                String[] numbers = quoted[2].trim().split(" ", -1);
                assertThat(request.getClient()).isEqualTo(who[0]);
                assertThat(entry.timeUs())
                        .isEqualTo(
                                OffsetDateTime.parse(who[3] + " " + who[4], CLF).toEpochSecond() * 1_000_000);
                assertThat(request.getMethod()).isEqualTo(what[0]);
                assertThat(request.getProtocol()).isEqualTo(what[2]);
                assertThat(request.getPath() + (request.hasQuery() ? "?" + request.getQuery() : ""))
                        .as(line)
                        .isEqualTo(what[1].contains("%") ? request.getPath() + target(what[1]) : what[1]);
                assertThat(String.valueOf(request.getStatus())).isEqualTo(numbers[0]);
                assertThat(request.hasBytes() ? String.valueOf(request.getBytes()) : "-")
                        .isEqualTo(numbers[1]);
                assertThat(request.hasReferer() ? request.getReferer() : "-").isEqualTo(quoted[3]);
                assertThat(request.hasAgent() ? request.getAgent() : "-").isEqualTo(quoted[5]);
            }
        }
    }

    /** The query as it stands; what becomes of escapes in a path is tested elsewhere. */
    private static String target(String target) {
        return target.contains("?") ? target.substring(target.indexOf('?')) : "";
    }
}
