package io.tidegate.simulator.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryFileTest {
    @TempDir
    private Path folder;

    @Test
    void what_the_oracle_does_not_understand_is_not_judged_and_says_why() throws Exception {
        List<Query> queries = queries("""
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
    void anomalies_are_judged_when_each_key_is_one_metric_of_one_device() throws Exception {
        List<Query> queries = queries("""
                { name = a, kind = anomaly, from = readings, by = [metric, device], window = 3m, slide = 7s }
                { name = b, kind = anomaly, from = readings, by = [device], where = "value > 0 AND metric = 'm'" }
                { name = c, kind = anomaly, from = readings, by = [device], where = "metric <> 'm'" }
                { name = d, kind = anomaly, from = readings, by = [metric] }
                { name = e, kind = anomaly, from = requests, by = [client] }
                { name = f, kind = anomaly, from = readings, by = [device, metric], value = seq }
                { name = g, kind = anomaly, from = readings, by = [device, metric], to = [jdbc], jdbc.key = [device, metric] }
                """);

        assertThat(queries)
                .extracting(query -> query.notJudged().orElse("").split(", which", 2)[0])
                .containsExactly(
                        "",
                        "",
                        "by: without metric",
                        "by: without device",
                        "from, value: faults are of the value of readings",
                        "from, value: faults are of the value of readings",
                        "");
        assertThat(queries.get(6).tableNotJudged()).contains("answers replace each other by device, metric");
    }

    @Test
    void a_table_is_where_the_query_says_and_else_where_all_say() throws Exception {
        Path file = folder.resolve("processor.conf");
        Files.writeString(file, """
                tidegate.processor {
                  jdbc { url = "jdbc:postgresql://h/db", user = u, password = hush }
                  queries = [
                    { name = a, kind = totals, from = readings, by = [device], to = [mqtt, jdbc] }
                    { name = b, kind = totals, from = readings, by = [device], to = [jdbc]
                      jdbc { url = "jdbc:h2:mem:b", table = t, key = [device], password = own } }
                    { name = c, kind = sessions, from = readings, by = [device], gap = 1s, to = [jdbc], jdbc.key = [device] }
                    { name = d, kind = totals, from = readings }
                  ]
                }""");
        List<Query> queries = QueryFile.read(file).queries();

        assertThat(queries).extracting(Query::onTopics).containsExactly(true, false, false, true);
        assertThat(queries).extracting(query -> query.notJudged().isPresent()).containsOnly(false);
        assertThat(queries.get(0).table())
                .contains(new ResultTable(
                        "jdbc:postgresql://h/db", Optional.of("u"), Optional.of("hush"), "a", List.of("id")));
        assertThat(queries.get(1).table())
                .contains(
                        new ResultTable("jdbc:h2:mem:b", Optional.of("u"), Optional.of("own"), "t", List.of("device")));
        assertThat(queries.get(3).table()).isEmpty();
        assertThat(queries.get(1).tableNotJudged()).isEmpty();
        assertThat(queries.get(2).tableNotJudged()).contains("answers replace each other by device");
        assertThat(queries.toString()).doesNotContain("hush", "own");
    }

    @Test
    void a_property_wins_over_the_environment_and_the_environment_over_the_file_and_a_query_over_all()
            throws Exception {
        Path file = folder.resolve("processor.conf");
        Files.writeString(file, """
                tidegate.processor {
                  jdbc { url = "jdbc:file", user = file, table = file, key = [file] }
                  queries = [
                    { name = a, kind = totals, from = readings, to = [jdbc] }
                    { name = b, kind = totals, from = readings, to = [jdbc], jdbc.url = "jdbc:query" }
                  ]
                }""");
        Properties properties = new Properties();
        properties.setProperty("tidegate.processor.jdbc.url", "jdbc:property");
        Map<String, String> environment = Map.of(
                "TIDEGATE_PROCESSOR_JDBC_URL", "jdbc:environment",
                "TIDEGATE_PROCESSOR_JDBC_USER", "environment",
                "TIDEGATE_PROCESSOR_JDBC_KEY", "[device, metric]");

        List<Query> queries = QueryFile.read(file, environment, properties).queries();

        assertThat(queries)
                .extracting(query -> query.table().orElseThrow())
                .containsExactly(
                        table("jdbc:property", List.of("device", "metric")),
                        table("jdbc:query", List.of("device", "metric")));
    }

    private static ResultTable table(String url, List<String> key) {
        return new ResultTable(url, Optional.of("environment"), Optional.empty(), "file", key);
    }

    @Test
    void an_embedded_database_can_be_replaced_and_one_with_a_server_need_not_be() throws Exception {
        Path file = folder.resolve("processor.conf");
        String queries = "queries = [{ name = a, kind = totals, from = readings, to = [jdbc] }]";
        Files.writeString(file, "tidegate.processor { " + queries + " }");
        QueryFile without = QueryFile.read(file);
        Files.writeString(file, "tidegate.processor { jdbc.url = \"jdbc:h2:tcp://h/db\", " + queries + " }");

        assertThat(without.hasEmbeddedDatabase()).isTrue();
        assertThat(QueryFile.read(file).hasEmbeddedDatabase()).isFalse();
        assertThat(without.withDatabase("jdbc:x")
                        .queries()
                        .get(0)
                        .table()
                        .orElseThrow()
                        .url())
                .isEqualTo("jdbc:x");
    }

    @Test
    void a_condition_compares_texts_and_numbers_and_null_with_nothing() throws Exception {
        Query query = queries(
                        "{ name = a, kind = totals, from = requests, where = \"status >= 400 and path <> '/x'\" }")
                .get(0);
        WhereClause condition = query.where().orElseThrow();

        assertThat(condition.holds(row(Map.of("status", 400L, "path", "/")))).isTrue();
        assertThat(condition.holds(row(Map.of("status", 400L, "path", "/x")))).isFalse();
        assertThat(condition.holds(row(Map.of("status", 399L, "path", "/")))).isFalse();
        assertThat(condition.holds(row(Map.of("status", 500L)))).isFalse();
    }

    private static Row row(Map<String, Object> columns) {
        return new Row(0, "s", 0, false, 0, List.of(), columns);
    }

    private List<Query> queries(String text) throws Exception {
        Path file = folder.resolve("processor.conf");
        Files.writeString(file, "tidegate.processor.queries = [\n" + text + "\n]");
        return QueryFile.read(file).queries();
    }
}
