package io.tidegate.spark.source;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tidegate.protocol.v1.BeginRun;
import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.spark.client.FencedException;
import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.client.internal.LogStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps in the gateways' logs what a stream may ask for again: a consumer group of its own, which never has a receiver.
 * Its run begins with the first question to a gateway and fences an older one of the same group, so two queries can't
 * trim each other's events unnoticed. Its commits stay two batches behind what Spark calls finished. A quiet stream
 * repeats its commit, so that the gateway does not drop the group. One thread, the query's.
 */
final class RetentionLease {

    /** So many finished batches may still be asked for: Spark can be set back by hand, or write its progress late. */
    private static final int BATCHES_BEHIND = 2;

    private static final long REPEAT_NANOS = 60_000_000_000L;
    private static final Logger LOG = LoggerFactory.getLogger(RetentionLease.class);

    private final String group;
    private final String run = UUID.randomUUID().toString();
    private final Map<String, Long> epochs = new HashMap<>();
    private final Map<String, Long> committedAt = new HashMap<>();
    private final Deque<LogOffset> finished = new ArrayDeque<>();

    /** For a consumer group. */
    RetentionLease(String group) {
        this.group = group;
    }

    /**
     * What a stream's options and its checkpoint say: the group of that name, none, or one that follows from the
     * checkpoint's place. A checkpoint that Spark made up for a query without one is no reason to hold anything.
     *
     * @param checkpoint the source's own folder, which ends with the source's number in the query
     */
    static Optional<RetentionLease> of(Optional<String> group, String checkpoint) {
        if (group.isEmpty()) {
            return checkpoint.contains("/temporary-")
                    ? Optional.empty()
                    : Optional.of(new RetentionLease(
                            "spark-" + DigestUtils.sha256Hex(checkpoint).substring(0, 16)));
        }
        String number = checkpoint.substring(checkpoint.lastIndexOf('/') + 1);
        String suffix = number.equals("0") || !number.matches("[0-9]+") ? "" : "." + number;
        return group.filter(name -> !name.isEmpty()).map(name -> new RetentionLease(name + suffix));
    }

    /** The consumer group. */
    String group() {
        return group;
    }

    /**
     * Asks a gateway where it stands: the first time, and when it has dropped the group, with the beginning of a run.
     *
     * @param wait how long one that is away is waited for
     * @throws FencedException when a newer run of the group has begun
     */
    OffsetsResponse offsets(String address, Duration wait) {
        OffsetsRequest.Builder request = OffsetsRequest.newBuilder().setGroup(group);
        if (!epochs.containsKey(address)) {
            request.setBeginRun(BeginRun.newBuilder().setRun(run));
        }
        OffsetsResponse answer;
        try {
            answer = GatewayClient.of(address).offsets(request.build(), wait);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.NOT_FOUND || request.hasBeginRun()) {
                throw e;
            }
            dropped(address);
            return offsets(address, wait);
        }
        long epoch = epochs.computeIfAbsent(address, first -> answer.getEpoch());
        if (epoch != answer.getEpoch()) {
            throw fenced(address, null);
        }
        if (System.nanoTime() - committedAt.computeIfAbsent(address, first -> System.nanoTime()) > REPEAT_NANOS) {
            send(address, List.of());
        }
        return answer;
    }

    /** The gateway does not know the group any more: the next question begins a run again. */
    private void dropped(String address) {
        LOG.warn("consumer group {} at gateway {}: dropped; it is registered anew", group, address);
        epochs.remove(address);
    }

    /**
     * A batch that ends there is finished; may be told more than once. What no restart can ask for is committed.
     *
     * @param addresses where each gateway is
     * @throws FencedException when a newer run of the group has begun
     */
    void finished(LogOffset end, Map<String, LogStatus> addresses) {
        if (end.equals(finished.peekLast())) {
            return;
        }
        finished.add(end);
        if (finished.size() <= BATCHES_BEHIND) {
            return;
        }
        finished.removeFirst().positions().forEach((gateway, positions) -> {
            LogStatus status = addresses.get(gateway);
            if (status != null) {
                send(status.address(), positions);
            }
        });
    }

    /** When a commit fails, the next one makes it good. */
    private void send(String address, List<Long> positions) {
        Long epoch = epochs.get(address);
        if (epoch == null) {
            return;
        }
        try {
            GatewayClient.of(address).commit(group, epoch, positions);
            committedAt.put(address, System.nanoTime());
        } catch (FencedException e) {
            throw fenced(address, e);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                dropped(address);
            } else {
                LOG.warn(
                        "commit of group {} at gateway {}: {} (the next one makes it good)",
                        group,
                        address,
                        e.getStatus());
            }
        }
    }

    private FencedException fenced(String address, @Nullable Throwable cause) {
        return new FencedException(
                "consumer group " + group + " at gateway " + address + ": a newer run has taken over. "
                        + QueryName.here()
                        + ". Way out: let one query run at a time from a checkpoint, and give each query its own"
                        + " option group",
                cause);
    }
}
