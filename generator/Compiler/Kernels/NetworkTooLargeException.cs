using System;
using System.Globalization;

namespace Strata.Compiler.Kernels;

/// <summary>A network's memory or packed parameters exceed 32-bit offsets. That is known only after all addresses are planned.</summary>
/// <param name="what">The memory that is too large.</param>
internal sealed class NetworkTooLargeException(string what) : Exception(what)
{
    /// <summary>A number of floats that depends on the network's sizes.</summary>
    /// <param name="length">The number.</param>
    /// <param name="what">What they are for.</param>
    /// <exception cref="NetworkTooLargeException">The number exceeds 32-bit offsets.</exception>
    public static int Check(long length, string what) => length <= int.MaxValue
        ? (int)length
        : throw new NetworkTooLargeException($"{length.ToString("N0", CultureInfo.InvariantCulture)} floats of {what}");
}
