package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidegate.harness.DeliveryCheck;
import io.tidegate.harness.GatewayLog;
import io.tidegate.harness.Mosquitto;
import io.tidegate.harness.SentReading;
import io.tidegate.junit.SlowTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A flood of devices that nobody has heard of loses no reading and ends no gateway, though its heap has no room for them. */
final class ManyDevicesLoadTest {

    @SlowTest(seconds = 100)
    void two_hundred_thousand_new_devices_stay_within_the_heap_and_every_reading_is_logged(@TempDir Path folder)
            throws Exception {
        assumeThat(Mosquitto.installed()).as("mosquitto is installed").isPresent();

        ManyDevicesLoad load = ManyDevicesLoad.run(folder);

        assertThat(load.sent().stream().map(SentReading::device).distinct().count())
                .isGreaterThan(190_000);
        assertThat(load.reasons()).contains("devices: " + ManyDevicesLoad.TRACKED + " are tracked");
        DeliveryCheck result = DeliveryCheck.compare(
                load.sent(),
                load.sent(),
                load.logged().stream().map(GatewayLog::sent).toList());
        assertThat(result.lost()).as(result.summary()).isEmpty();
        assertThat(result.phantom()).as(result.summary()).isEmpty();
        assertThat(load.exit()).isZero();
    }
}
