package io.tidegate.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;

/** One number in the build is where the chance of every test comes from. */
class SeedTest {

    @Test
    void the_builds_number_is_the_seed() {
        assertThat(Seed.of("a test").value()).isEqualTo(Long.getLong("tidegate.seed"));
    }

    @Test
    void properties_of_jqwik_see_the_same_numbers_each_time() {
        assertThat(numbersOfARun()).hasSizeGreaterThan(10).isEqualTo(numbersOfARun());
    }

    private static Set<Long> numbersOfARun() {
        Numbers.SEEN.clear();
        EngineTestKit.engine("jqwik")
                .selectors(DiscoverySelectors.selectClass(Numbers.class))
                .execute();
        return new HashSet<>(Numbers.SEEN);
    }

    /** A property by itself; not found by the build, because its name is not a test's. */
    static class Numbers {
        static final Set<Long> SEEN = new HashSet<>();

        @Property(tries = 50, shrinking = ShrinkingMode.OFF)
        void any(@ForAll long number) {
            SEEN.add(number);
        }
    }
}
