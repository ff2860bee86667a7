package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.harness.ScriptedBroker;
import io.tidegate.junit.SlowTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** What the processor can't do ends it, with a word, and nothing is skipped. */
final class FailedBatchTest {

    private static final String TOTALS = """
                { name = totals, kind = totals, from = readings, by = [device, metric] }
            """;

    private static final int NOT_AUTHORIZED = 0x87;

    @TempDir
    Path folder;

    @SlowTest(seconds = 30)
    void a_broker_that_refuses_results_ends_the_processor_with_1_and_another_gets_all_of_them() throws Exception {
        try (Chain chain = new Chain(folder);
                ScriptedBroker refusing = ScriptedBroker.start()) {
            refusing.puback(message -> message.topic().startsWith("tidegate/totals/") ? NOT_AUTHORIZED : 0);
            chain.startBroker();
            chain.startGateway();
            Program processor = chain.startProcessor(TOTALS, "-Dtidegate.processor.mqtt.broker=" + refusing.uri());
            chain.awaitReady();
            ExpectedFleet plan = plan();
            assertThat(plan.startFleet(chain).await(180)).isZero();

            assertThat(processor.await(180)).as(processor.output()).isEqualTo(1);
            assertThat(processor.output()).contains("a batch has failed, the processor stops");

            try (ResultRecorder results = ResultRecorder.subscribe(chain.brokerPort())) {
                chain.startProcessor(TOTALS);
                ExpectedFleet.awaitTotals(results, plan.readings());
            }
        }
    }

    @SlowTest(seconds = 25)
    void a_checkpoint_that_can_not_be_read_is_refused_with_78_and_left_as_it_is() throws Exception {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            chain.startGateway();
            Program processor = chain.startProcessor(TOTALS);
            chain.awaitReady();
            await().until(() -> !checkpoints().isEmpty());
            assertThat(processor.stop()).as(processor.output()).isZero();
            List<Path> checkpoints = checkpoints();
            for (Path checkpoint : checkpoints) {
                Files.writeString(checkpoint, "nothing that Java can read");
            }

            Program next = chain.startProcessor(TOTALS);

            assertThat(next.await(180)).as(next.output()).isEqualTo(78);
            assertThat(next.output()).contains("holds a state that can't be read", "--fresh");
            assertThat(checkpoints()).isEqualTo(checkpoints);
            assertThat(checkpoints).allSatisfy(file -> assertThat(file).hasContent("nothing that Java can read"));
        }
    }

    private List<Path> checkpoints() throws IOException {
        Path spark = folder.resolve("data/processor/spark");
        if (!Files.isDirectory(spark)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(spark)) {
            return files.filter(file -> file.getFileName().toString().startsWith("checkpoint-"))
                    .sorted()
                    .toList();
        }
    }

    private static ExpectedFleet plan() {
        return new ExpectedFleet(3, 3, 10, 50);
    }
}
