using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TelemetryHub.Broker.Reactors;

/// <summary>The kernel's <c>struct epoll_event</c>: packed to 12 bytes on x86-64, 16 bytes with padding elsewhere.</summary>
internal static unsafe class EpollEvents
{
    public static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private static readonly int DataOffset = Stride - sizeof(ulong);

    public static void Write(byte* record, uint events, ulong data)
    {
        Unsafe.WriteUnaligned(record, events);
        Unsafe.WriteUnaligned(record + DataOffset, data);
    }

    public static (uint Events, ulong Data) Read(byte* records, int index)
    {
        var record = records + (index * Stride);
        return (Unsafe.ReadUnaligned<uint>(record), Unsafe.ReadUnaligned<ulong>(record + DataOffset));
    }
}
