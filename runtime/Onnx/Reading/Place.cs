using System;

namespace Strata.Onnx.Reading;

/// <summary>Adds the place to what goes wrong there.</summary>
internal static class Place
{
    public static void Run(string place, Action action)
    {
        try
        {
            action();
        }
        catch (ReadingException exception) when (!exception.HasPlace)
        {
            throw exception.At(place);
        }
    }
}
