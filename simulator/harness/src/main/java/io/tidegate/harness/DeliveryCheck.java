package io.tidegate.harness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a comparison of promise and outcome found.
 *
 * @param lost acknowledged and not seen: must be empty
 * @param phantom seen and never sent: must be empty
 * @param duplicates seen more than once, once for each time too many
 * @param outOfOrder seen behind a later reading of the same device and metric
 */
public record DeliveryCheck(
        List<SentReading> lost, List<SentReading> phantom, List<SentReading> duplicates, List<SentReading> outOfOrder) {

    /**
     * Compares.
     *
     * @param sent everything that was made
     * @param acknowledged what somebody promised to keep
     * @param seen what came out, in its order
     */
    public static DeliveryCheck compare(
            Collection<SentReading> sent, Collection<SentReading> acknowledged, Collection<SentReading> seen) {
        Set<SentReading> distinct = new HashSet<>();
        List<SentReading> duplicates = new ArrayList<>();
        List<SentReading> outOfOrder = new ArrayList<>();
        Map<String, Long> last = new HashMap<>();
        for (SentReading reading : seen) {
            if (!distinct.add(reading)) {
                duplicates.add(reading);
            } else if (last.merge(reading.topic(), reading.seq(), Math::max) > reading.seq()) {
                outOfOrder.add(reading);
            }
        }
        Set<SentReading> made = new HashSet<>(sent);
        return new DeliveryCheck(
                acknowledged.stream()
                        .filter(reading -> !distinct.contains(reading))
                        .toList(),
                distinct.stream().filter(reading -> !made.contains(reading)).toList(),
                duplicates,
                outOfOrder);
    }

    /** One line for people. */
    public String summary() {
        return "lost " + lost.size() + ", phantom " + phantom.size() + ", duplicates " + duplicates.size()
                + ", out of order " + outOfOrder.size();
    }
}
