using System;
using System.Globalization;

namespace Strata.Generator.Kernels;

/// <summary>A network whose memory or packed parameters are more than 32-bit offsets reach; found only when it is laid out.</summary>
/// <param name="what">What it needs too much of.</param>
internal sealed class NetworkTooLargeException(string what) : Exception(what)
{
    /// <summary>A number of floats that depends on the network's sizes.</summary>
    /// <param name="length">The number.</param>
    /// <param name="what">What they are for.</param>
    /// <exception cref="NetworkTooLargeException">They are more than 32-bit offsets reach.</exception>
    public static int Check(long length, string what) => length <= int.MaxValue
        ? (int)length
        : throw new NetworkTooLargeException($"{length.ToString("N0", CultureInfo.InvariantCulture)} floats of {what}");
}
