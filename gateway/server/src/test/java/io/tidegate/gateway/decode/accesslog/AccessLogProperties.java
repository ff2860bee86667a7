package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.protocol.v1.Request;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever stands in a line: an entry that survives its own encoding, or a damage; never another exception. */
class AccessLogProperties {

    private static final List<String> SEEDS = List.of(
            "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET /a%7e?b HTTP/1.1\" 200 123 \"-\" \"Mozilla/5.0\" 0.005",
            "h:80 2001:db8::1 - ann [17/May/2015:10:05:03 +0000] \"\\x16\\x03\" 400 0 \"a\\\"b\" \"c\\\\\"",
            "\"192.0.2.7 - - [17/May/2015:10:05:03 +0000] \\\"GET / HTTP/1.0\\\" 200 123\"",
            "{\"remote_addr\":\"192.0.2.1\",\"status\":\"200\",\"request\":\"GET / HTTP/1.0\",\"msec\":\"1.5\"}",
            "#Fields: date time c-ip cs(User-Agent)",
            "2015-05-17 10:05:03 192.0.2.7 \"a+b\"");

    @Property(tries = 3000)
    void any_bytes_have_an_answer(@ForAll byte[] line) throws Exception {
        sound(Lines.log(), line);
    }

    @Property(tries = 5000)
    void any_line_that_was_once_good_has_an_answer(@ForAll("mutants") String line) throws Exception {
        AccessLog log = Lines.log();
        sound(log, line.getBytes(ISO_8859_1));
        byte[] fields = SEEDS.get(4).getBytes(ISO_8859_1);
        log.read(fields, 0, fields.length);
        sound(log, line.getBytes(ISO_8859_1));
    }

    private static void sound(AccessLog log, byte[] line) throws Exception {
        try {
            AccessLogEntry entry = log.read(line, 0, line.length);
            if (entry != null) {
                assertThat(entry.request().getClient()).isNotEmpty();
                assertThat(Request.parseFrom(entry.request().toByteArray())).isEqualTo(entry.request());
                assertThat(entry.request().toString()).doesNotContain("\\000");
            }
        } catch (MalformedInput e) {
            assertThat(e.detail()).isNotEmpty();
        }
    }

    /** One of the seeds with some places overwritten, cut or doubled. */
    @Provide
    Arbitrary<String> mutants() {
        Arbitrary<int[]> change =
                Arbitraries.integers().between(0, 200).array(int[].class).ofSize(3);
        return Arbitraries.of(SEEDS)
                .flatMap(seed -> change.list().ofMaxSize(4).map(changes -> {
                    StringBuilder line = new StringBuilder(seed);
                    for (int[] c : changes) {
                        if (line.length() > 0) {
                            int at = c[0] % line.length();
                            switch (c[1] % 3) {
                                case 0 -> line.setCharAt(at, (char) (c[2] + (c[1] > 100 ? 55 : 0)));
                                case 1 -> line.delete(at, Math.min(line.length(), at + 1 + c[2] % 20));
                                default -> line.insert(at, line.substring(at, Math.min(line.length(), at + c[2] % 20)));
                            }
                        }
                    }
                    return line.toString();
                }));
    }
}
