package io.tidegate.chain;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How much later the readings of others come while 200,000 devices that nobody has heard of come in a minute, and what it
 * costs the gateway in memory. A program to be run by hand, which no build runs and which asserts nothing; on a machine that
 * does nothing else. (That everything arrives all the same is {@link ManyDevicesLoadTest}'s.)
 *
 * <pre>./mvnw verify -pl simulator/chain -am -Dtest=ManyDevicesBenchmark -Dsurefire.failIfNoSpecifiedTests=false
 * cat simulator/chain/target/surefire-reports/*Benchmark-output.txt</pre>
 */
class ManyDevicesBenchmark {

    @Test
    void measure(@TempDir Path folder) throws Exception {
        ManyDevicesLoad load = ManyDevicesLoad.run(folder);
        System.out.println("p99 of the others: " + load.calmMs() + " ms before, " + load.floodedMs()
                + " ms in the flood; " + load.growthMb() + " MiB more");
    }
}
