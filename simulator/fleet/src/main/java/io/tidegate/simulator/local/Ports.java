package io.tidegate.simulator.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The ports of a system on 127.0.0.1: the documented ones where they are free. */
public record Ports(int mqtt, int pull, int gatewayHttp, int processorHttp, int flume) {
    private static final List<Integer> DOCUMENTED = List.of(1883, 9470, 8470, 8471, 4141);

    /** The documented ones, and others where these are taken. */
    public static Ports choose() throws IOException {
        Set<Integer> chosen = new LinkedHashSet<>();
        for (int documented : DOCUMENTED) {
            int port = isFree(documented) ? documented : free();
            while (!chosen.add(port)) {
                port = free();
            }
        }
        List<Integer> ports = List.copyOf(chosen);
        return new Ports(ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
