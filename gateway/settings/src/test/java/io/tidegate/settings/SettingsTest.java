package io.tidegate.settings;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    private static final String ROOT = "tidegate.example";

    private enum Mode {
        AT_MOST_ONCE,
        AT_LEAST_ONCE
    }

    private record Query(String name, Duration slide, List<String> by) {}

    private record Example(
            String host,
            int port,
            Duration interval,
            long bytes,
            double rate,
            boolean verbose,
            Mode mode,
            List<String> topics,
            int httpPort,
            String path,
            String user,
            String password,
            List<Query> queries) {

        static Example from(Section section) {
            Section http = section.child("http");
            Section broker = section.child("broker");
            return new Example(
                    section.string("host"),
                    section.integer("port", 0, 65_535),
                    section.duration("batch-interval", Duration.ofMillis(100), Duration.ofMinutes(1)),
                    section.bytes("max-bytes", 1024, 1L << 30),
                    section.number("rate", 0.5, 10),
                    section.bool("verbose"),
                    section.choice("mode", Mode.class),
                    section.strings("topics"),
                    http.integer("port", 0, 65_535),
                    http.string("path"),
                    broker.optionalString("user").orElse("nobody"),
                    broker.optionalString("password").orElse("none"),
                    section.children("queries").stream().map(Example::query).toList());
        }

        private static Query query(Section section) {
            Duration slide = section.duration("slide", Duration.ofMillis(1), Duration.ofHours(1));
            if (slide.toMillis() % 1000 != 0) {
                section.mistake("slide", "a multiple of batch-interval 1s: 1s or 2s");
            }
            return new Query(section.string("name"), slide, section.has("by") ? section.strings("by") : List.of());
        }
    }

    @TempDir
    private Path folder;

    private final Properties system = new Properties();

    @Test
    void without_a_file_the_reference_speaks() throws Exception {
        assertThat(read("", Map.of()))
                .isEqualTo(new Example(
                        "127.0.0.1",
                        8470,
                        Duration.ofSeconds(1),
                        67_108_864,
                        1.5,
                        false,
                        Mode.AT_LEAST_ONCE,
                        List.of("a", "b"),
                        80,
                        "127.0.0.1/x",
                        "nobody",
                        "none",
                        List.of()));
    }

    @Test
    void a_file_overrides_every_key() throws Exception {
        Example example = read("""
                tidegate.example {
                  host = ::1, port = 1, batch-interval = 250ms, max-bytes = 1MiB, rate = 2, verbose = on
                  mode = at-most-once, topics = [c], http.port = 2, broker { user = me, password = "s3cret" }
                  queries = [ { name = q, slide = 2s, by = [device] } ]
                }
                """.replace("::1", "\"::1\""), Map.of());

        assertThat(example)
                .isEqualTo(new Example(
                        "::1",
                        1,
                        Duration.ofMillis(250),
                        1_048_576,
                        2,
                        true,
                        Mode.AT_MOST_ONCE,
                        List.of("c"),
                        2,
                        "::1/x",
                        "me",
                        "s3cret",
                        List.of(new Query("q", Duration.ofSeconds(2), List.of("device")))));
    }

    @Test
    void all_mistakes_are_told_at_once_each_with_file_line_key_given_and_expected() throws Exception {
        String file = """
                tidegate.example {
                  port = 99999
                  batch-interval = 5
                  max-bytes = lots
                  mode = exactly-once
                  rate = fast
                  verbose = perhaps
                  topics = a
                  http { prot = 81 }
                  queries = [
                    { name = q1, slide = 1500ms }
                    { slide = 1s, nmae = q2 }
                  ]
                }
                """;
        String at = folder.resolve("example.conf") + ":";

        assertThat(refused(file, Map.of()))
                .isEqualTo(String.join(
                        "\n",
                        at + "2: tidegate.example.port: given 99999 (expected: a whole number from 0 to 65535)",
                        at + "3: tidegate.example.batch-interval: given 5"
                                + " (expected: a duration such as 5s, from 100ms to 1m)",
                        at + "4: tidegate.example.max-bytes: given lots"
                                + " (expected: a size such as 64MiB, from 1KiB to 1GiB)",
                        at + "6: tidegate.example.rate: given fast (expected: a number from 0.5 to 10)",
                        at + "7: tidegate.example.verbose: given perhaps (expected: true or false)",
                        at + "5: tidegate.example.mode: given exactly-once"
                                + " (expected: one of at-most-once, at-least-once)",
                        at + "8: tidegate.example.topics: given a (expected: a list of texts such as [a, b])",
                        at + "11: tidegate.example.queries[0].slide: given 1500ms"
                                + " (expected: a multiple of batch-interval 1s: 1s or 2s)",
                        at + "12: tidegate.example.queries[1].name: given nothing (expected: text)",
                        at + "9: tidegate.example.http.prot: given an unknown key"
                                + " (expected: one of path, port; did you mean port?)",
                        at + "12: tidegate.example.queries[1].nmae: given an unknown key"
                                + " (expected: one of by, name, slide; did you mean name?)"));
    }

    @Test
    void the_environment_overrides_the_file_and_a_system_property_both() throws Exception {
        Map<String, String> environment = Map.ofEntries(
                entry("TIDEGATE_EXAMPLE_PORT", "11"),
                entry("TIDEGATE_EXAMPLE_HTTP_PORT", "12"),
                entry("TIDEGATE_EXAMPLE_BATCHINTERVAL", "2s"),
                entry("TIDEGATE_EXAMPLE_MAX_BYTES", "2MiB"),
                entry("tidegate_example_broker_password", "s3cret"),
                entry("TIDEGATE_EXAMPLE_TOPICS", "x, y"),
                entry("TIDEGATE_EXAMPLE_QUERIES", "[{ name = e, slide = 3s }]"),
                entry("TIDEGATE_OTHER_PORT", "99"),
                entry("HOME", "/root"));
        system.setProperty("tidegate.example.http.port", "13");
        system.setProperty("tidegate.log.level", "DEBUG");

        Example example = read("tidegate.example { port = 1, http.port = 1 }", environment);

        assertThat(example.port()).isEqualTo(11);
        assertThat(example.httpPort()).isEqualTo(13);
        assertThat(example.interval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(example.bytes()).isEqualTo(2 << 20);
        assertThat(example.password()).isEqualTo("s3cret");
        assertThat(example.topics()).containsExactly("x", "y");
        assertThat(example.queries()).containsExactly(new Query("e", Duration.ofSeconds(3), List.of()));
    }

    @Test
    void a_mistake_in_an_override_names_the_override() throws Exception {
        system.setProperty("tidegate.example.rate", "-1");

        assertThat(refused("", Map.of("TIDEGATE_EXAMPLE_HTTP_PORT", "http"))).isEqualTo("""
                        -Dtidegate.example.rate: tidegate.example.rate: given -1 (expected: a number from 0.5 to 10)
                        environment TIDEGATE_EXAMPLE_HTTP_PORT: tidegate.example.http.port: given http (expected: a whole number from 0 to 65535)""");
    }

    @Test
    void an_override_that_nobody_reads_is_a_mistake() throws Exception {
        system.setProperty("tidegate.example.prot", "1");

        assertThat(refused("", Map.of("TIDEGATE_EXAMPLE_HTTP_PROT", "1")).lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("environment TIDEGATE_EXAMPLE_HTTP_PROT: tidegate.example.http.prot:")
                        && line.endsWith("did you mean port?)"))
                .anyMatch(line -> line.startsWith("-Dtidegate.example.prot: tidegate.example.prot:")
                        && line.endsWith("did you mean port?)"));
    }

    @Test
    void no_secret_is_ever_shown() throws Exception {
        String file = """
                tidegate.example {
                  broker { password = [hunter2], pasword = hunter2 }
                  mode = { api-token = hunter2, url = "tcp://me:hunter2@host", nested { secret = hunter2 } }
                  rate = "jdbc:x?user=me&password=hunter2"
                }
                """;

        String message = refused(file, Map.of("TIDEGATE_EXAMPLE_BROKER_PASWORD", "hunter2"));

        assertThat(message.lines()).hasSize(5);
        assertThat(message).doesNotContain("hunter2").contains("(hidden)", "tcp://***@host", "password=***");
    }

    @Test
    void text_that_is_no_hocon_is_a_mistake_with_its_line() throws Exception {
        String message = refused("tidegate.example {\n  port = 1\n  host = [}\n", Map.of());

        assertThat(message.lines()).hasSize(1);
        assertThat(message)
                .startsWith(folder.resolve("example.conf") + ":3: given ")
                .endsWith("(expected: HOCON)");
    }

    @Test
    void text_that_is_no_hocon_beside_a_secret_is_not_shown() throws Exception {
        String message = refused("tidegate.example {\n  password = [hunter2}\n}\n", Map.of());

        assertThat(message).contains(":2: given text that is hidden").doesNotContain("hunter2");
    }

    @Test
    void a_substitution_of_nothing_is_a_mistake_with_its_line() throws Exception {
        assertThat(refused("tidegate.example {\n  host = ${NOBODY_SET_THIS}\n}\n", Map.of()))
                .startsWith(folder.resolve("example.conf") + ":2: ")
                .contains("NOBODY_SET_THIS");
    }

    @Test
    void a_substitution_reads_the_environment() throws Exception {
        assertThat(read("tidegate.example.host = ${MY_HOST}", Map.of("MY_HOST", "there"))
                        .host())
                .isEqualTo("there");
    }

    @Test
    void a_file_that_is_not_there_is_a_mistake() {
        Path absent = folder.resolve("absent.conf");
        Settings settings = Settings.load(ROOT, absent, Map.of(), system);
        Example.from(settings.section());

        InvalidSettings refused = catchThrowableOfType(InvalidSettings.class, settings::finish);

        assertThat(refused.mistakes())
                .containsExactly(new Mistake(absent.toString(), "", "no such file", "a readable file"));
    }

    @Test
    void a_file_that_speaks_of_something_else_is_a_mistake() throws Exception {
        assertThat(refused("port = 1", Map.of())).contains("given only port (expected: settings under " + ROOT + ")");
        assertThat(refused("tidegate.exmaple.port = 1", Map.of()))
                .contains("tidegate: given only exmaple (expected: settings under " + ROOT + ")");
    }

    @Test
    void a_file_may_hold_the_settings_of_other_processes() throws Exception {
        assertThat(read("tidegate { processor.port = 5, example.port = 6 }", Map.of())
                        .port())
                .isEqualTo(6);
    }

    @Test
    void a_root_that_is_no_object_is_a_mistake() throws Exception {
        assertThat(refused("tidegate.example = 5", Map.of()))
                .endsWith(":1: tidegate.example: given 5 (expected: an object { … })");
    }

    @Test
    void a_whole_number_has_no_fraction_and_fits() throws Exception {
        assertThat(refused("tidegate.example { port = 1.5, http.port = 4294967297 }", Map.of())
                        .lines())
                .hasSize(2);
        assertThat(read("tidegate.example { port = 1e3 }", Map.of()).port()).isEqualTo(1000);
    }

    @Test
    void a_section_over_another_reads_there_what_does_not_stand_in_it_and_names_the_place_of_a_mistake()
            throws Exception {
        Settings settings = load("tidegate.example { http.port = 99999\n rate = fast }", Map.of());
        Section http = settings.section().child("http").over(settings.section());

        assertThat(http.string("path")).isEqualTo("127.0.0.1/x");
        assertThat(http.string("host")).isEqualTo("127.0.0.1");
        assertThat(http.has("host")).isTrue();
        assertThat(http.integer("port", 0, 65_535)).isZero();
        assertThat(http.number("rate", 0.5, 10)).isEqualTo(0.5);
        http.mistake("mode", "another");

        InvalidSettings refused = catchThrowableOfType(InvalidSettings.class, settings::finish);
        assertThat(refused.mistakes())
                .extracting(Mistake::key)
                .contains("tidegate.example.http.port", "tidegate.example.rate", "tidegate.example.mode");
    }

    private Example read(String file, Map<String, String> environment) throws Exception {
        Settings settings = load(file, environment);
        Example example = Example.from(settings.section());
        settings.finish();
        return example;
    }

    private String refused(String file, Map<String, String> environment) throws IOException {
        Settings settings = load(file, environment);
        Example.from(settings.section());
        InvalidSettings refused = catchThrowableOfType(InvalidSettings.class, settings::finish);
        return String.valueOf(refused.getMessage());
    }

    private Settings load(String file, Map<String, String> environment) throws IOException {
        Path written = Files.writeString(folder.resolve("example.conf"), file);
        return Settings.load(ROOT, written, environment, system);
    }
}
