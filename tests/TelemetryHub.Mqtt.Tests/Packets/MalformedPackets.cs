namespace TelemetryHub.Mqtt.Tests.Packets;

/// <summary>Each row: the versions, the packet (see <see cref="PacketScript"/>), the fault that it must get.</summary>
public static class MalformedPackets
{
    private const string FixedHeaders = """
        3 4 5 | 00 00                              | UnknownPacketType
        3 4   | F0 00                              | UnknownPacketType
        3 4 5 | 11 00                              | ReservedFlags
        3 4 5 | 21 02 00 00                        | ReservedFlags
        3 4 5 | 41 02 00 01                        | ReservedFlags
        3 4 5 | 52 02 00 01                        | ReservedFlags
        3 4 5 | 60 02 00 01                        | ReservedFlags
        3 4 5 | 63 02 00 01                        | ReservedFlags
        4 5   | 6A 02 00 01                        | ReservedFlags
        3     | 6A 02 00 01                        | None
        3 4 5 | 78 02 00 01                        | ReservedFlags
        3 4 5 | 80 .. 0001 "a" 00                  | ReservedFlags
        4     | 8A .. 0001 "a" 00                  | ReservedFlags
        5     | 8A .. 0001 00 "a" 00               | ReservedFlags
        3     | 8A .. 0001 "a" 00                  | None
        3 4 5 | 91 03 00 01 00                     | ReservedFlags
        3 4 5 | A0 .. 0001 "a"                     | ReservedFlags
        4     | AA .. 0001 "a"                     | ReservedFlags
        3     | AA .. 0001 "a"                     | None
        3 4 5 | B4 02 00 01                        | ReservedFlags
        3 4 5 | C1 00                              | ReservedFlags
        3 4 5 | D8 00                              | ReservedFlags
        3 4 5 | E2 00                              | ReservedFlags
        5     | F1 00                              | ReservedFlags
        3 4 5 | C0 01 00                           | TrailingBytes
        3 4 5 | D0 01 00                           | TrailingBytes
        3 4   | E0 01 00                           | TrailingBytes
        3 4 5 | 30 FF FF FF FF 01                  | RemainingLengthTooLong
        3 4 5 | 30 80 80 80 80 00                  | RemainingLengthTooLong
        5     | C0 80 00                           | RemainingLengthNotMinimal
        3 4   | C0 80 00                           | None
        5     | 30 84 80 00 "a" 00                 | RemainingLengthNotMinimal
        3 4   | 30 84 80 00 "a" 00                 | None
        """;

    private const string Publishes = """
        3 4 5 | 36 .. "a" 0001 00                  | InvalidQoS
        3 4 5 | 3E .. "a" 0001 00                  | InvalidQoS
        3 4 5 | 38 .. "a" 00                       | DupOnQoS0
        3 4 5 | 30 00                              | Truncated
        3 4 5 | 30 .. 00                           | Truncated
        3 4 5 | 30 .. 0002 'a'                     | Truncated
        3 4 5 | 30 .. FFFF 'a'                     | Truncated
        3 4 5 | 32 .. "a"                          | Truncated
        3 4 5 | 34 .. "a" 00                       | Truncated
        5     | 30 .. "a"                          | Truncated
        3 4 5 | 32 .. "a" 0000 00                  | PacketIdZero
        3 4 5 | 34 .. "a" 0000 00                  | PacketIdZero
        3 4   | 30 .. 0000                         | EmptyTopic
        5     | 30 .. 0000 00                      | EmptyTopic
        5     | 30 .. 0000 03 23 0001              | None
        3 4   | 30 .. 0000 03 23 0001              | EmptyTopic
        3 4 5 | 30 .. "a/+" 00                     | InvalidTopicName
        3 4 5 | 30 .. "a/#" 00                     | InvalidTopicName
        3 4 5 | 30 .. "a#b" 00                     | InvalidTopicName
        3 4 5 | 30 .. 0003 610062 00               | InvalidUtf8
        3 4 5 | 30 .. 0002 C080 00                 | InvalidUtf8
        3 4 5 | 30 .. 0003 EDA080 00               | InvalidUtf8
        3 4 5 | 30 .. 0001 FF 00                   | InvalidUtf8
        5     | 30 .. "a" 80                       | Truncated
        5     | 30 .. "a" 01                       | MalformedPropertyLength
        5     | 30 .. "a" 8100 01                  | MalformedPropertyLength
        5     | 30 .. "a" FFFFFFFF01               | MalformedPropertyLength
        5     | 30 .. "a" FFFFFF7F                 | MalformedPropertyLength
        5     | 30 .. "a" 02 01 01 'payload'       | None
        5     | 30 .. "a" 03 23 0000               | TopicAliasZero
        5     | 30 .. "a" 02 01 02                 | PropertyOutOfRange
        5     | 30 .. "a" 02 0B 00                 | PropertyOutOfRange
        5     | 30 .. "a" 06 08 "a/+"              | InvalidResponseTopic
        5     | 30 .. "a" 03 08 0000               | InvalidResponseTopic
        """;

    private const string Acks = """
        3 4 5 | 40 00                              | Truncated
        3 4 5 | 50 01 00                           | Truncated
        3 4 5 | 40 02 00 00                        | PacketIdZero
        3 4 5 | 50 02 00 00                        | PacketIdZero
        3 4 5 | 62 02 00 00                        | PacketIdZero
        3 4 5 | 70 02 00 00                        | PacketIdZero
        3 4   | 40 03 00 01 00                     | TrailingBytes
        3 4   | 62 03 00 01 00                     | TrailingBytes
        5     | 40 03 00 01 92                     | InvalidReasonCode
        5     | 50 03 00 01 01                     | InvalidReasonCode
        5     | 62 03 00 01 10                     | InvalidReasonCode
        5     | 70 03 00 01 87                     | InvalidReasonCode
        5     | 70 03 00 01 92                     | None
        5     | 40 05 00 01 00 00 00               | TrailingBytes
        5     | 40 04 00 01 00 01                  | MalformedPropertyLength
        5     | 40 06 00 01 00 02 01 01            | PropertyNotAllowed
        3 4   | 20 00                              | Truncated
        3 4 5 | 20 01 00                           | Truncated
        4     | 20 02 02 00                        | ReservedConnAckFlag
        3     | 20 02 02 00                        | None
        5     | 20 03 80 00 00                     | ReservedConnAckFlag
        3 4   | 20 02 00 06                        | InvalidReasonCode
        5     | 20 03 00 01 00                     | InvalidReasonCode
        4     | 20 02 01 05                        | SessionPresentOnRefusal
        5     | 20 03 01 87 00                     | SessionPresentOnRefusal
        3 4   | 20 03 00 00 00                     | TrailingBytes
        5     | 20 02 00 00                        | Truncated
        5     | 20 04 00 00 00 00                  | TrailingBytes
        3 4   | 90 02 00 01                        | EmptySubscription
        5     | 90 03 00 01 00                     | EmptySubscription
        3 4   | 90 03 00 00 00                     | PacketIdZero
        3 4   | 90 03 00 01 03                     | InvalidReasonCode
        3 4   | 90 03 00 01 87                     | InvalidReasonCode
        5     | 90 04 00 01 00 03                  | InvalidReasonCode
        5     | 90 04 00 01 00 87                  | None
        3 4   | B0 02 00 00                        | PacketIdZero
        3 4   | B0 03 00 01 00                     | TrailingBytes
        5     | B0 03 00 01 00                     | EmptySubscription
        5     | B0 04 00 01 00 10                  | InvalidReasonCode
        5     | E0 01 01                           | InvalidReasonCode
        5     | E0 01 04                           | None
        5     | E0 02 00 01                        | MalformedPropertyLength
        5     | E0 03 00 00 00                     | TrailingBytes
        5     | F0 00                              | None
        5     | F0 01 18                           | Truncated
        5     | F0 02 18 00                        | AuthMethodMissing
        5     | F0 02 17 00                        | InvalidReasonCode
        5     | F0 .. 18 04 16 "d"                 | AuthDataWithoutMethod
        5     | F0 .. 18 04 15 "m"                 | None
        5     | F0 .. 18 04 15 "m" 00              | TrailingBytes
        """;

    private const string Subscriptions = """
        3 4   | 82 02 00 01                        | EmptySubscription
        5     | 82 03 00 01 00                     | EmptySubscription
        3 4   | A2 02 00 01                        | EmptySubscription
        5     | A2 03 00 01 00                     | EmptySubscription
        3 4 5 | 82 00                              | Truncated
        3 4 5 | A2 01 00                           | Truncated
        5     | 82 02 00 01                        | Truncated
        3 4   | 82 .. 0000 "a" 00                  | PacketIdZero
        5     | 82 .. 0000 00 "a" 00               | PacketIdZero
        3 4 5 | A2 .. 0000 00 "a"                  | PacketIdZero
        3 4   | 82 .. 0001 "a"                     | Truncated
        5     | 82 .. 0001 00 "a"                  | Truncated
        3 4   | 82 .. 0001 "a" 00 "b"              | Truncated
        3 4   | 82 .. 0001 0005 'a' 00             | Truncated
        3 4   | A2 .. 0001 0005 'a'                | Truncated
        3 4   | 82 .. 0001 "a" 03                  | InvalidRequestedQoS
        5     | 82 .. 0001 00 "a" 03               | InvalidRequestedQoS
        3 4   | 82 .. 0001 "a" 04                  | ReservedSubscribeOptions
        3 4   | 82 .. 0001 "a" 00 "b" 80           | ReservedSubscribeOptions
        5     | 82 .. 0001 00 "a" 40               | ReservedSubscribeOptions
        5     | 82 .. 0001 00 "a" 80               | ReservedSubscribeOptions
        5     | 82 .. 0001 00 "a" 30               | InvalidRetainHandling
        5     | 82 .. 0001 00 "a" 2E               | None
        5     | 82 .. 0001 00 "$share/g/a" 04      | NoLocalOnSharedSubscription
        5     | 82 .. 0001 00 "$share/g/a" 08      | None
        3 4   | 82 .. 0001 0001 FF 00              | InvalidUtf8
        5     | 82 .. 0001 00 0001 00 00           | InvalidUtf8
        3 4   | A2 .. 0001 0001 80                 | InvalidUtf8
        5     | A2 .. 0001 00 0003 EDA080          | InvalidUtf8
        5     | 82 .. 0001 02 0B 00 "a" 00         | PropertyOutOfRange
        5     | 82 .. 0001 04 0B 01 0B 02 "a" 00   | DuplicateProperty
        5     | 82 .. 0001 03 0B 81 00 "a" 00      | MalformedVariableInteger
        5     | 82 .. 0001 05 0B FFFFFFFF "a" 00   | MalformedVariableInteger
        5     | 82 .. 0001 02 0B 80 "a" 00         | MalformedPropertyLength
        3 4   | 82 .. 0001 "a/#/b" 00              | None
        """;

    private const string Connects = """
        5 | 10 00                                                             | Truncated
        5 | 10 .. 0004 'MQT'                                                  | Truncated
        5 | 10 .. "MQTT"                                                      | Truncated
        5 | 10 .. "MQTT" 04                                                   | Truncated
        5 | 10 .. "MQTT" 04 02 00                                             | Truncated
        5 | 10 .. "MQTT" 04 02 003C                                           | Truncated
        5 | 10 .. "MQTT" 05 02 003C                                           | Truncated
        5 | 10 .. "mqtt" 04 02 003C "c"                                       | UnsupportedProtocolName
        5 | 10 .. "HTTP" 04 02 003C "c"                                       | UnsupportedProtocolName
        5 | 10 .. "" 04 02 003C "c"                                           | UnsupportedProtocolName
        5 | 10 .. "MQTT" 03 02 003C "c"                                       | UnsupportedProtocolVersion
        5 | 10 .. "MQTT" 06 02 003C "c"                                       | UnsupportedProtocolVersion
        5 | 10 .. "MQTT" 00 02 003C "c"                                       | UnsupportedProtocolVersion
        5 | 10 .. "MQTT" 85 02 003C 00 "c"                                    | UnsupportedProtocolVersion
        5 | 10 .. "MQIsdp" 04 02 003C "c"                                     | UnsupportedProtocolVersion
        5 | 10 .. "MQIsdp" 05 02 003C 00 "c"                                  | UnsupportedProtocolVersion
        5 | 10 .. "MQTT" 84 02 003C "c"                                       | None
        5 | 10 .. "MQIsdp" 83 02 003C "c"                                     | None
        5 | 10 .. "MQTT" 04 03 003C "c"                                       | ReservedConnectFlag
        5 | 10 .. "MQTT" 05 01 003C 00 "c"                                    | ReservedConnectFlag
        5 | 10 .. "MQIsdp" 03 03 003C "c"                                     | None
        5 | 10 .. "MQTT" 04 08 003C "c"                                       | WillFlagsWithoutWill
        5 | 10 .. "MQTT" 05 20 003C 00 "c"                                    | WillFlagsWithoutWill
        5 | 10 .. "MQIsdp" 03 28 003C "c"                                     | None
        5 | 10 .. "MQTT" 04 1E 003C "c" "w" "p"                               | InvalidQoS
        5 | 10 .. "MQTT" 04 42 003C "c" "p"                                   | PasswordWithoutUserName
        5 | 10 .. "MQIsdp" 03 42 003C "c" "p"                                 | PasswordWithoutUserName
        5 | 10 .. "MQTT" 05 42 003C 00 "c" "p"                                | None
        5 | 10 .. "MQTT" 04 06 003C "c" "" "p"                                | EmptyWillTopic
        5 | 10 .. "MQTT" 04 06 003C "c" "w/#" "p"                             | InvalidTopicName
        5 | 10 .. "MQTT" 04 06 003C "c" 0001 FF "p"                           | InvalidUtf8
        5 | 10 .. "MQTT" 04 06 003C "c" "w"                                   | Truncated
        5 | 10 .. "MQTT" 04 02 003C 0002 C3 28                                | InvalidUtf8
        5 | 10 .. "MQTT" 04 02 003C 0001 00                                   | InvalidUtf8
        5 | 10 .. "MQTT" 04 82 003C "c"                                       | Truncated
        5 | 10 .. "MQTT" 04 82 003C "c" 0001 00                               | InvalidUtf8
        5 | 10 .. "MQTT" 04 C2 003C "c" "u"                                   | Truncated
        5 | 10 .. "MQIsdp" 03 C2 003C "c"                                     | None
        5 | 10 .. "MQIsdp" 03 C2 003C "c" "u"                                 | None
        5 | 10 .. "MQTT" 04 02 003C "c" 00                                    | TrailingBytes
        5 | 10 .. "MQTT" 04 02 003C "c" "u"                                   | TrailingBytes
        5 | 10 .. "MQTT" 05 02 003C 03 21 0000 "c"                            | PropertyOutOfRange
        5 | 10 .. "MQTT" 05 02 003C 05 27 00000000 "c"                        | PropertyOutOfRange
        5 | 10 .. "MQTT" 05 02 003C 02 17 02 "c"                              | PropertyOutOfRange
        5 | 10 .. "MQTT" 05 02 003C 02 19 02 "c"                              | PropertyOutOfRange
        5 | 10 .. "MQTT" 05 02 003C 04 16 "d" "c"                             | AuthDataWithoutMethod
        5 | 10 .. "MQTT" 05 02 003C 02 04 00 "c"                              | UnknownProperty
        5 | 10 .. "MQTT" 05 02 003C 02 7F 00 "c"                              | UnknownProperty
        5 | 10 .. "MQTT" 05 02 003C 02 00 00 "c"                              | UnknownProperty
        5 | 10 .. "MQTT" 05 02 003C 03 23 0001 "c"                            | PropertyNotAllowed
        5 | 10 .. "MQTT" 05 02 003C 05 18 00000001 "c"                        | PropertyNotAllowed
        5 | 10 .. "MQTT" 05 06 003C 00 "c" 05 11 00000001 "w" "p"             | PropertyNotAllowed
        5 | 10 .. "MQTT" 05 06 003C 00 "c" 05 18 00000001 "w" "p"             | None
        5 | 10 .. "MQTT" 05 02 003C 0A 11 00000001 11 00000001 "c"            | DuplicateProperty
        """;

    public static TheoryData<MqttVersion, string, ProtocolFault> Rows()
    {
        var data = new TheoryData<MqttVersion, string, ProtocolFault>();
        foreach (var line in string.Join('\n', FixedHeaders, Publishes, Acks, Subscriptions, Connects).Split('\n'))
        {
            var columns = line.Split('|', StringSplitOptions.TrimEntries);
            foreach (var version in columns[0].Split(' '))
                data.Add(Enum.Parse<MqttVersion>(version), columns[1], Enum.Parse<ProtocolFault>(columns[2]));
        }

        return data;
    }
}
