package io.tidegate.processor.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing of a replay goes where something of the live processor is. */
final class ReplayNamespaceTest {

    private final ReplayNamespace tuesday = new ReplayNamespace("tuesday");

    @ParameterizedTest
    @CsvSource({
        "tidegate/sql/rows/{device}, tidegate-tuesday/sql/rows/{device}",
        "home/{room}, tidegate-tuesday/home/{room}",
        "tidegate2/x, tidegate-tuesday/tidegate2/x"
    })
    void topics_begin_with_another_level(String live, String replayed) {
        assertThat(tuesday.topic(live)).isEqualTo(replayed);
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:h2:file:./data/results;DATABASE_TO_LOWER=TRUE, jdbc:h2:file:./data/results-tuesday;DATABASE_TO_LOWER=TRUE",
        "jdbc:h2:./data/results, jdbc:h2:./data/results-tuesday",
        "jdbc:h2:./data/results;auto_server=true, jdbc:h2:./data/results;auto_server=true",
        "jdbc:h2:tcp://localhost/results, jdbc:h2:tcp://localhost/results",
        "jdbc:postgresql://localhost/db, jdbc:postgresql://localhost/db"
    })
    void a_file_that_only_one_process_can_open_is_another_file(String live, String replayed) {
        assertThat(tuesday.url(live)).isEqualTo(replayed);
    }

    @Test
    void folders_and_tables_have_the_name_too() {
        assertThat(tuesday.folder(Path.of("data/results"))).isEqualTo(Path.of("data/results-tuesday"));
        assertThat(tuesday.table("traffic")).isEqualTo("tuesday_traffic");
        assertThatThrownBy(() -> tuesday.table("x".repeat(60))).hasMessageContaining("at most 63");
    }
}
