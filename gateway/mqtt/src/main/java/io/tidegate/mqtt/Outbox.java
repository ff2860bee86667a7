package io.tidegate.mqtt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What is not delivered yet, in the order of publication.
 *
 * <p>A topic's messages are delivered in their order, so one that a broker has taken waits for those before it. A topic is
 * <em>held</em> while the broker, for the moment, refuses one of its messages: nothing more of it is sent, and when it is
 * released all of it is sent again from its oldest, also what had overtaken the refused one. So whatever a subscriber heard
 * meanwhile, the last that it hears of a topic is the newest.
 *
 * <p>Not thread-safe.
 */
final class Outbox {

    /** A message; compared by identity. */
    static final class Message {
        final String topic;
        final byte[] payload;
        final boolean retained;
        final CompletableFuture<Void> delivered = new CompletableFuture<>();
        /** How often it was sent; an answer counts for the last time only. */
        int sent;

        private boolean taken;

        Message(String topic, byte[] payload, boolean retained) {
            this.topic = topic;
            this.payload = payload;
            this.retained = retained;
        }
    }

    private static final class Topic {
        private final Deque<Message> messages = new ArrayDeque<>();
        private boolean held;
        private int refusals;
    }

    private final Set<Message> messages = new LinkedHashSet<>();
    private final Map<String, Topic> topics = new HashMap<>();

    void add(Message message) {
        messages.add(message);
        topics.computeIfAbsent(message.topic, name -> new Topic()).messages.add(message);
    }

    int size() {
        return messages.size();
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    boolean contains(Message message) {
        return messages.contains(message);
    }

    boolean isHeld(String topic) {
        Topic of = topics.get(topic);
        return of != null && of.held;
    }

    /** The broker has taken a message. @return what is delivered by that */
    List<Message> taken(Message message) {
        message.taken = true;
        List<Message> delivered = new ArrayList<>();
        Topic topic = topics.get(message.topic);
        while (topic != null && !topic.messages.isEmpty() && topic.messages.element().taken) {
            Message oldest = topic.messages.remove();
            topic.refusals = 0;
            messages.remove(oldest);
            delivered.add(oldest);
        }
        forgetIfEmpty(message.topic);
        return delivered;
    }

    /** Takes a message out for good. @return what is delivered, now that it waits for nothing any more */
    List<Message> remove(Message message) {
        messages.remove(message);
        Topic topic = topics.get(message.topic);
        if (topic == null) {
            return List.of();
        }
        topic.messages.remove(message);
        Message next = topic.messages.peek();
        if (next == null || !next.taken) {
            forgetIfEmpty(message.topic);
            return List.of();
        }
        return taken(next);
    }

    /** Holds a topic. @return how many times in a row its oldest was refused; 0 when it was held already */
    int hold(String name) {
        Topic topic = topics.get(name);
        if (topic == null || topic.held) {
            return 0;
        }
        topic.held = true;
        topic.refusals++;
        return topic.refusals;
    }

    /** Lets a topic go on. @return its messages, to be sent again */
    List<Message> release(String name) {
        Topic topic = topics.get(name);
        if (topic == null) {
            return List.of();
        }
        topic.held = false;
        topic.messages.forEach(message -> message.taken = false);
        return List.copyOf(topic.messages);
    }

    /** Lets every topic go on. @return everything, to be sent again */
    List<Message> releaseAll() {
        topics.keySet().forEach(this::release);
        return List.copyOf(messages);
    }

    /** Takes everything out. */
    List<Message> clear() {
        List<Message> all = List.copyOf(messages);
        messages.clear();
        topics.clear();
        return all;
    }

    private void forgetIfEmpty(String name) {
        Topic topic = topics.get(name);
        if (topic != null && topic.messages.isEmpty()) {
            topics.remove(name);
        }
    }
}
