package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The file of inputs that real programs send. It is not part of the project; {@code -Dtidegate.cases=F} says where it is, and
 * what needs it is skipped where it is not.
 */
final class Cases {

    private static final Path FILE = Path.of(System.getProperty("tidegate.cases", "../../../shared/data/cases.jsonl"));

    private Cases() {}

    /** All of them by their ids. */
    static Map<String, JsonNode> read() throws IOException {
        assumeTrue(Files.exists(FILE), FILE + " is not here (see -Dtidegate.cases)");
        ObjectMapper json = new ObjectMapper();
        Map<String, JsonNode> cases = new LinkedHashMap<>();
        for (String line : Files.readAllLines(FILE, UTF_8)) {
            JsonNode one = json.readTree(line);
            cases.put(one.get("id").asText(), one);
        }
        return cases;
    }

    /** What is sent. */
    static byte[] input(JsonNode one) {
        boolean bytes = one.path("encoding").asText().equals("latin-1");
        return one.get("input").asText().getBytes(bytes ? ISO_8859_1 : UTF_8);
    }

    /** The tests that hold cases of which {@link CasesTest} does not judge the outcome: {@code class#method}. */
    static Map<String, List<String>> elsewhere() throws IOException {
        Map<String, List<String>> tests = new LinkedHashMap<>();
        for (String line : lines("/cases.elsewhere")) {
            if (!line.startsWith("#")) {
                List<String> words = List.of(line.split(" "));
                tests.put(words.get(0), words.subList(1, words.size()));
            }
        }
        return tests;
    }

    /** What must come out: {@code T2-1} on a line of its own, then a line for each event and each dead letter behind them. */
    static Map<String, List<Map<String, String>>> expectations() throws IOException {
        Map<String, List<Map<String, String>>> all = new LinkedHashMap<>();
        List<Map<String, String>> current = new ArrayList<>();
        for (String line : lines("/cases.expected")) {
            if (line.startsWith("  ")) {
                Map<String, String> fields = new LinkedHashMap<>();
                for (String field : line.strip().split(" \\| ", -1)) {
                    int equals = field.indexOf('=');
                    fields.put(field.substring(0, equals), field.substring(equals + 1));
                }
                current.add(fields);
            } else if (!line.startsWith("#")) {
                current = new ArrayList<>();
                all.put(line.strip(), current);
            }
        }
        return all;
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = Cases.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        }
    }
}
