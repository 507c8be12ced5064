using Microsoft.AspNetCore.Server.Kestrel.Core;
using TelemetryHub.Broker;
using TelemetryHub.Broker.Authentication;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Reactors;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Mqtt;

/// <summary>Puts the log, the router and the broker on it into the application.</summary>
internal static class MqttBuilderExtensions
{
    // The newest value of each topic, and the topic itself: enough for some 100,000 topics.
    private const long TopicTableBytes = 128L << 20;

    public static IHostApplicationBuilder AddMqtt(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IAccess, AllowAll>();
        services.AddSingleton(new TopicTable(TopicTableBytes));
        services.AddSingleton<Router>();
        services.AddSingleton(provider => provider.GetRequiredService<MqttOptions>().ToBrokerOptions());
        services.AddSingleton(CreateBroker);
        services.AddSingleton<ILinkAcceptor>(provider => provider.GetRequiredService<MqttBroker>());
        services.AddSingleton<IReactorWork>(provider => provider.GetRequiredService<MqttBroker>());
        services.AddOptions<KestrelServerOptions>().Configure<MqttOptions, ListenAddresses>(Listen);
        services.AddHostedService<BrokerLifetime>();
        return builder;
    }

    private static void Listen(KestrelServerOptions kestrel, MqttOptions options, ListenAddresses addresses)
    {
        kestrel.ListenMqttTls(options, addresses);
        if (!MqttBroker.CanListen)
            kestrel.ListenMqtt(options, addresses);
    }

    private static MqttBroker CreateBroker(IServiceProvider provider)
    {
        var scramFile = provider.GetRequiredService<MqttOptions>().ScramFile;
        var scram = scramFile.IsEmpty ? null : ScramFile.Parse(File.ReadLines(scramFile.Value!), scramFile.Value!);
        return new MqttBroker(
            provider.GetRequiredService<BrokerOptions>(),
            provider.GetRequiredService<ILog>(),
            provider.GetRequiredService<Router>(),
            provider.GetRequiredService<TopicTable>(),
            provider.GetRequiredService<IAccess>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MqttBroker>>(),
            scram);
    }

    private static BrokerOptions ToBrokerOptions(this MqttOptions options) => new()
    {
        MaxPacketBytes = (int)options.MaxPacketBytes.Bytes,
        MaxConnections = options.MaxConnections,
        ConnectTimeout = options.ConnectTimeout,
        MaxKeepAlive = options.MaxKeepAlive,
        MaxInflight = options.MaxInflight,
        ReceiveMaximum = options.ReceiveMaximum,
        TopicAliasMaximum = options.TopicAliasMaximum,
        MaxQueuedMessages = options.MaxQueuedMessages,
        MaxQueuedBytes = options.MaxQueuedBytes.Bytes,
        MaxSessions = options.MaxSessions,
        MaxClientIdBytes = (int)options.MaxClientIdBytes.Bytes,
        MaxSubscriptionsPerClient = options.MaxSubscriptionsPerClient,
        MaxTopicBytes = (int)options.MaxTopicBytes.Bytes,
        MaxTopicLevels = options.MaxTopicLevels,
        MaxRetainedBytes = options.MaxRetainedBytes.Bytes,
        MaxSessionExpiry = options.MaxSessionExpiry,
        StalledTimeout = options.StalledTimeout,
        SysInterval = options.SysInterval,
        ServerReference = options.ServerReference,
        ConnectRate = options.ConnectRate,
        MessageRate = options.MessageRate,
        ByteRate = options.ByteRate.Bytes,
        ValidatePayloadFormat = options.ValidatePayloadFormat,
        Reactors = options.Reactors,
    };
}
