using TelemetryHub.Broker.Wills;
using TelemetryHub.Core.Access;

namespace TelemetryHub.Broker.Sessions;

/// <summary>What a CONNECT asks of its session.</summary>
/// <param name="ClientId">Whose session.</param>
/// <param name="Principal">Who asks.</param>
/// <param name="CleanStart">A new one, in any case.</param>
/// <param name="ExpirySeconds">How long it outlives the connection.</param>
/// <param name="Window">How many deliveries may be unacknowledged.</param>
/// <param name="Will">What to say when the client vanishes.</param>
internal sealed record SessionRequest(string ClientId, Principal Principal, bool CleanStart, uint ExpirySeconds, int Window, Will? Will);
