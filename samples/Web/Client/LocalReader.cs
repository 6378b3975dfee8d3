using System;
using System.Threading.Tasks;

namespace Samples.Web.Client;

/// <summary>The network in the browser, with the server's weights.</summary>
/// <param name="api">The server.</param>
internal sealed class LocalReader(Api api) : IDisposable
{
    private DigitReader? _reader;
    private int _version;

    /// <summary>Reads a digit.</summary>
    /// <param name="pixels">28×28 bytes.</param>
    /// <param name="version">The weights to read with. They are fetched once.</param>
    public async Task<Reading> ReadAsync(byte[] pixels, int version)
    {
        if (_reader is null || _version != version)
        {
            var reader = new DigitReader(await api.WeightsAsync(), version);
            _reader?.Dispose();
            (_reader, _version) = (reader, version);
        }

        return _reader.Read(pixels);
    }

    public void Dispose() => _reader?.Dispose();
}
