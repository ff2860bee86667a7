package io.tidegate.simulator.answers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryFileTest {
    @TempDir
    private Path folder;

    @Test
    void what_the_oracle_does_not_understand_is_not_judged_and_says_why() throws Exception {
        List<JudgedQuery> queries = queries("""
                { name = a, kind = totals, from = readings, by = [device], where = "metric = 'm' AND value >= 2" }
                { name = b, kind = totals, from = readings, where = "length(device) > 2" }
                { name = c, kind = totals, from = readings, by = ["upper(device) AS d"] }
                { name = d, kind = totals, from = readings, value = "value * 2" }
                { name = e, kind = window, from = readings, window = 3s, slide = 2s }
                { name = f, kind = sql, sql = "SELECT 1" }
                { name = g, kind = totals, from = readings, to = [files] }
                { name = h, kind = totals, from = requests, by = [status], where = "received > 1" }
                """);

        assertThat(queries)
                .extracting(query -> query.notJudged().orElse("").split(":", 2)[0])
                .containsExactly(
                        "",
                        "where",
                        "by",
                        "value",
                        "the window is no multiple of the slide",
                        "the oracle does not know the kind sql",
                        "to",
                        "where");
    }

    @Test
    void a_condition_compares_texts_and_numbers_and_null_with_nothing() throws Exception {
        JudgedQuery query = queries(
                        "{ name = a, kind = totals, from = requests, where = \"status >= 400 and path <> '/x'\" }")
                .get(0);
        Condition condition = query.where().orElseThrow();

        assertThat(condition.holds(row(Map.of("status", 400L, "path", "/")))).isTrue();
        assertThat(condition.holds(row(Map.of("status", 400L, "path", "/x")))).isFalse();
        assertThat(condition.holds(row(Map.of("status", 399L, "path", "/")))).isFalse();
        assertThat(condition.holds(row(Map.of("status", 500L)))).isFalse();
    }

    private static Row row(Map<String, Object> columns) {
        return new Row(0, "s", 0, false, 0, columns);
    }

    private List<JudgedQuery> queries(String text) throws Exception {
        Path file = folder.resolve("processor.conf");
        Files.writeString(file, "tidegate.processor.queries = [\n" + text + "\n]");
        return QueryFile.read(file).queries();
    }
}
