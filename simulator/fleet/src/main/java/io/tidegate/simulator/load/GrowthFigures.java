package io.tidegate.simulator.load;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a run of phase {@code growth} shows beside its batches.
 *
 * @param queries as options name them
 * @param keys that were sent
 * @param slideSeconds of its windows
 * @param held what the processor holds; null when the run failed
 * @param failed why there is nothing to say; null when there is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record GrowthFigures(
        String queries,
        int keys,
        int slideSeconds,
        @Nullable Held held,
        @Nullable String failed) {

    /**
     * What the processor holds, in MiB.
     *
     * @param checkpointMiB the most that was in the folder of its checkpoints in the measured time
     * @param heapMiB the least used heap in the measured time; null when nothing was seen
     * @param residentMiB the least memory that the operating system gave it in the last fifth of that time; null where it does not say
     * @param stateKeys keys in the state at the end of that time, as {@code /metrics} says
     * @param stateMiB their size, as {@code /metrics} says; of all queries of the run
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Held(
            double checkpointMiB,
            @Nullable Double heapMiB,
            @Nullable Double residentMiB,
            long stateKeys,
            double stateMiB) {}
}
