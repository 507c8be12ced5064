namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>The will of a CONNECT.</summary>
internal sealed record WillSpec(string Topic, string Payload, int QoS = 0, bool Retain = false, Props? Properties = null);
