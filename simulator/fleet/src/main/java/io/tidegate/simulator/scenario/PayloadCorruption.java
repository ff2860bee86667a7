package io.tidegate.simulator.scenario;

import java.util.Random;

/** Ways in which a device spoils a reading. Each is a dead letter by the contract, whoever decodes it. */
final class PayloadCorruption {
    private PayloadCorruption() {}

    static String of(String payload, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> payload.substring(0, payload.length() / 2); // cut off
            case 1 -> payload.replace("\"value\"", "\"valeu\""); // no value
            case 2 -> payload + payload; // two in one
            default -> "NaN";
        };
    }
}
