package io.tidegate.spark.source;

import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.spark.client.GatewayUnavailableException;
import io.tidegate.spark.client.internal.GatewayClient;
import io.tidegate.spark.client.internal.LogStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateways of one query, asked by its driver: where do the logs stand? Every answer is checked: it must come from the
 * gateway that answered at this address before. One thread, the query's.
 *
 * <p>At the first contact a gateway is waited for no longer than 30 s: rather than away it may be a wrong address. Later
 * it may be away for as long as patience says: a stream then goes on with the others, and with it when it is back.
 */
final class Gateways {

    private static final Logger LOG = LoggerFactory.getLogger(Gateways.class);
    private static final Duration FIRST_CONTACT = Duration.ofSeconds(30);

    private final List<String> addresses;
    private final Duration patience;
    private final Duration firstContact;
    private final Optional<RetentionLease> lease;
    private final Map<String, LogStatus> newest = new HashMap<>();
    private final Map<String, Long> awaySince = new HashMap<>();

    /** Asks nobody yet. */
    Gateways(List<String> addresses, Duration patience, Optional<RetentionLease> lease) {
        this.addresses = addresses;
        this.patience = patience;
        firstContact = Collections.min(List.of(patience, FIRST_CONTACT));
        this.lease = lease;
    }

    /**
     * Where every log stands, by gateway; waits for those that are away.
     *
     * @throws GatewayUnavailableException when one stays away
     * @throws IllegalStateException when another gateway than before answers, or two call themselves the same
     */
    SortedMap<String, LogStatus> await() {
        for (String address : addresses) {
            heard(ask(address, newest.containsKey(address) ? patience : firstContact));
        }
        return known();
    }

    /** How long one that is away is waited for. */
    Duration patience() {
        return patience;
    }

    /**
     * From which offset on events were received at a time or later, by gateway.
     *
     * @param logs the gateways that are asked; all have answered before
     * @param timeMs epoch milliseconds
     * @param wait how long one that is away is waited for
     * @throws GatewayUnavailableException when one is away for longer
     * @throws IllegalStateException likewise, and when a gateway is too old to tell
     */
    SortedMap<String, LogStatus> receivedFrom(Collection<LogStatus> logs, long timeMs, Duration wait) {
        SortedMap<String, LogStatus> answers = new TreeMap<>();
        for (LogStatus log : logs) {
            LogStatus answer = heard(GatewayClient.of(log.address()).receivedFrom(timeMs, wait));
            if (answer.receivedFrom().isEmpty()) {
                throw new IllegalStateException("gateway '" + answer.gateway() + "' at " + answer.address()
                        + ": can't tell offsets of a time (expected: a newer gateway). Way out: startingOffsets, and no"
                        + " maxEventsPerTrigger");
            }
            answers.put(answer.gateway(), answer);
        }
        return answers;
    }

    /**
     * Where the logs stand, of those gateways that answer at once, by gateway.
     *
     * @throws GatewayUnavailableException when one has not answered for as long as patience
     * @throws IllegalStateException likewise
     */
    SortedMap<String, LogStatus> look() {
        if (newest.size() < addresses.size()) {
            return await();
        }
        SortedMap<String, LogStatus> answered = new TreeMap<>();
        for (String address : addresses) {
            try {
                LogStatus status = heard(ask(address, Duration.ZERO));
                answered.put(status.gateway(), status);
            } catch (GatewayUnavailableException e) {
                missed(address, e);
            }
        }
        return answered;
    }

    /** The newest that every gateway said, by gateway; asks those that were never heard. */
    SortedMap<String, LogStatus> known() {
        if (newest.size() < addresses.size()) {
            return await();
        }
        SortedMap<String, LogStatus> byGateway = new TreeMap<>();
        newest.values().forEach(status -> byGateway.put(status.gateway(), status));
        return byGateway;
    }

    /** How many did not answer when they were asked last. */
    int away() {
        return awaySince.size();
    }

    private LogStatus ask(String address, Duration wait) {
        OffsetsResponse answer = lease.isPresent()
                ? lease.get().offsets(address, wait)
                : GatewayClient.of(address).offsets(OffsetsRequest.getDefaultInstance(), wait);
        return LogStatus.of(address, answer);
    }

    private LogStatus heard(LogStatus status) {
        String address = status.address();
        LogStatus before = newest.get(address);
        if (before != null && !before.gateway().equals(status.gateway())) {
            throw new IllegalStateException("gateway at " + address + ": '" + status.gateway() + "' (expected: '"
                    + before.gateway() + "', who answered there before). " + QueryName.here()
                    + ". Way out: give option gateway the address that '" + before.gateway() + "' has now");
        }
        for (LogStatus other : newest.values()) {
            if (other.gateway().equals(status.gateway()) && !other.address().equals(address)) {
                throw new IllegalStateException("gateways at " + other.address() + " and " + address
                        + ": both are '" + status.gateway() + "' (expected: an id of its own for each,"
                        + " tidegate.gateway.id)");
            }
        }
        newest.put(address, status);
        if (awaySince.remove(address) != null) {
            LOG.info("gateway '{}' at {} answers again", status.gateway(), address);
        }
        return status;
    }

    private void missed(String address, GatewayUnavailableException failure) {
        Long since = awaySince.putIfAbsent(address, System.nanoTime());
        if (since == null) {
            LOG.warn("{}; the query goes on without it and waits up to {}", failure.getMessage(), patience);
        } else if (System.nanoTime() - since >= patience.toNanos()) {
            throw new GatewayUnavailableException(
                    "gateway at " + address + ": away for more than " + patience.toSeconds()
                            + " s (option gatewayTimeout). " + QueryName.here()
                            + ". Way out: start the gateway, then the query again from its checkpoint; nothing is lost",
                    failure);
        }
    }
}
