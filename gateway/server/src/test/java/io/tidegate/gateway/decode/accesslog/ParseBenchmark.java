package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.gateway.decode.MalformedInput;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What a line of an access log costs of one core, by JMH: run by hand, by no build.
 *
 * <pre>./mvnw test -pl gateway/server -am -Dtest=ParseBenchmark -Dsurefire.failIfNoSpecifiedTests=false
 * tail -5 gateway/server/target/surefire-reports/*ParseBenchmark-output.txt</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class ParseBenchmark {

    private static final int LINES = 10_000;

    @Param({"combined", "json"})
    private String format = "combined";

    private final byte[][] lines = new byte[LINES][];
    private final AccessLog log = Lines.log();
    private int next;

    /** JMH in this build's own class path. */
    @Test
    void measure() throws Exception {
        new Runner(new OptionsBuilder().include(ParseBenchmark.class.getName()).build()).run();
    }

    /** Lines of many clients, paths and agents. */
    @Setup
    public void lines() {
        for (int i = 0; i < LINES; i++) {
            lines[i] = (format.equals("combined") ? combined(i) : json(i)).getBytes(ISO_8859_1);
        }
    }

    /** One line, read into an entry. */
    @Benchmark
    public @Nullable AccessLogEntry line() throws MalformedInput {
        byte[] line = lines[next];
        next = next + 1 == LINES ? 0 : next + 1;
        return log.read(line, 0, line.length);
    }

    private static String combined(int i) {
        return "192.0.2." + i % 256 + " - - [17/May/2015:10:" + (10 + i % 50) + ":03 +0000] \"GET " + path(i)
                + " HTTP/1.1\" 200 " + i + " \"http://example.com/presentations/logstash/\" \"" + agent(i) + "\"";
    }

    /** As nginx writes it with {@code log_format … escape=json}. */
    private static String json(int i) {
        return "{\"time_iso8601\":\"2015-05-17T10:" + (10 + i % 50) + ":03+00:00\",\"remote_addr\":\"192.0.2." + i % 256
                + "\",\"request_method\":\"GET\",\"request_uri\":\"" + path(i)
                + "\",\"server_protocol\":\"HTTP/1.1\",\"status\":200,\"body_bytes_sent\":" + i
                + ",\"http_referer\":\"http://example.com/presentations/logstash/\",\"http_user_agent\":\"" + agent(i)
                + "\"}";
    }

    private static String path(int i) {
        return "/presentations/" + i % 700 + "/images/kibana-search.png";
    }

    private static String agent(int i) {
        return "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0."
                + i % 500 + ".77 Safari/537.36";
    }
}
