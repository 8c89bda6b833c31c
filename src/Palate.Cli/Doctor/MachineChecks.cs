using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Palate.Cli;

/// <summary>What the machine offers: runtime, processor, memory, disk, address.</summary>
internal static class MachineChecks
{
    private const long Gigabyte = 1L << 30;

    public static Finding Runtime() =>
        Finding.Ok("runtime", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}.");

    public static Finding Processor()
    {
        string width = Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : "128";
        string found = $"{Environment.ProcessorCount} processors with vectors of {width} bits.";
        return width == "128"
            ? Finding.Warning(
                "processor", found, "Training will be slow; a processor with AVX2 is several times faster.")
            : Finding.Ok("processor", found);
    }

    public static Finding Memory()
    {
        long bytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        string found = string.Create(
            CultureInfo.InvariantCulture, $"{(double)bytes / Gigabyte:N1} GB of memory may be used.");
        return bytes < Gigabyte
            ? Finding.Warning("memory", found, "Give at least 1 GB; a catalog of 20,000 items needs about 4.")
            : Finding.Ok("memory", found);
    }

    public static Finding Disk(string folder)
    {
        long bytes = new DriveInfo(folder).AvailableFreeSpace;
        string found = string.Create(
            CultureInfo.InvariantCulture, $"{(double)bytes / Gigabyte:N1} GB are free where the home is.");
        return bytes < Gigabyte
            ? Finding.Warning("disk", found, "Free some space: every training writes a whole generation.")
            : Finding.Ok("disk", found);
    }

    /// <summary>Whether the service could listen on an address.</summary>
    public static Finding Address(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme != Uri.UriSchemeHttp)
        {
            return Finding.Error("address", $"'{url}' is not an address.", "Give one like http://127.0.0.1:8080.");
        }

        string host = address.Host.Trim('[', ']');
        IPAddress ip = IPAddress.TryParse(host, out IPAddress? given) ? given : IPAddress.Loopback;
        try
        {
            using var probe = new TcpListener(ip, address.Port);
            probe.Start();
            return Finding.Ok("address", $"Port {address.Port} of {ip} is free.");
        }
        catch (SocketException failure)
        {
            return Finding.Warning(
                "address",
                $"Port {address.Port} of {ip} cannot be listened on: {failure.Message}",
                "If that is not a running 'palate serve', stop it, or serve elsewhere with --urls.");
        }
    }
}
