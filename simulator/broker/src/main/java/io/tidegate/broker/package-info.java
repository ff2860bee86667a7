/**
 * The embedded MQTT broker (HiveMQ Community Edition) as a process of its own.
 *
 * <p>It is for the demo, for tests and for trying things out: loopback only, everybody is let in, everything is kept in
 * memory and gone when the process ends. It has a class path of its own (HiveMQ brings its own logging and Netty), so
 * no other module depends on it: they meet it on its port.
 */
@NullMarked
package io.tidegate.broker;

import org.jspecify.annotations.NullMarked;
