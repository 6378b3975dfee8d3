using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace Strata.Benchmarks.Onnx;

/// <summary>ONNX Runtime through its C interface: one session on inputs and outputs that stay where they are.</summary>
internal sealed unsafe class OnnxRuntime : IDisposable
{
    public const string LibraryVariable = "STRATA_ONNXRUNTIME";

    /// <summary>The first version of the interface holds everything that is used here.</summary>
    private const uint ApiVersion = 1;

    private const int FloatType = 1, ArenaAllocator = 1, DefaultMemory = 0, WarningLevel = 2, AllOptimizations = 99;

    /// <summary>What stands before the version in rows.</summary>
    public const string Name = "ONNX Runtime ";

    private readonly nint* _api;
    private readonly List<nint> _memory = [];
    private readonly byte** _inputNames, _outputNames;
    private readonly nint* _inputValues, _outputValues;
    private readonly PeerTensors _inputs, _outputs;
    private readonly delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint> _run;
    private nint _environment, _options, _memoryInfo, _session;

    public OnnxRuntime(string libraryPath, string modelPath, int threads, int batch, PeerTensors inputs, PeerTensors outputs)
    {
        (_inputs, _outputs) = (inputs, outputs);
        nint library = NativeLibrary.Load(libraryPath);
        // struct OrtApiBase { GetApi, GetVersionString }
        var apiBase = (nint*)((delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "OrtGetApiBase"))();
        _api = (nint*)((delegate* unmanaged<uint, nint>)apiBase[0])(ApiVersion);
        Version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)apiBase[1])()) ?? "";

        _inputNames = AllocateNames(inputs);
        _outputNames = AllocateNames(outputs);
        _inputValues = (nint*)Allocate(inputs.Tensors.Count * sizeof(nint));
        _outputValues = (nint*)Allocate(outputs.Tensors.Count * sizeof(nint));

        nint environment, options, memoryInfo, session;
        Check(((delegate* unmanaged<int, byte*, nint*, nint>)_api[Function.CreateEnv])(
            WarningLevel, (byte*)AllocateText("strata"), &environment));
        _environment = environment;
        Check(((delegate* unmanaged<nint*, nint>)_api[Function.CreateSessionOptions])(&options));
        _options = options;
        Check(((delegate* unmanaged<nint, int, nint>)_api[Function.SetSessionGraphOptimizationLevel])(options, AllOptimizations));
        Check(((delegate* unmanaged<nint, int, nint>)_api[Function.SetIntraOpNumThreads])(options, threads));
        Check(((delegate* unmanaged<nint, int, nint>)_api[Function.SetInterOpNumThreads])(options, 1));
        // From the file, so that no copy of it counts as the peer's memory. ORTCHAR_T is wide on Windows.
        fixed (char* wide = modelPath)
        {
            void* path = OperatingSystem.IsWindows() ? wide : (void*)AllocateText(modelPath);
            Check(((delegate* unmanaged<nint, void*, nint, nint*, nint>)_api[Function.CreateSession])(_environment, path, options, &session));
        }

        _session = session;
        Check(((delegate* unmanaged<int, int, nint*, nint>)_api[Function.CreateCpuMemoryInfo])(
            ArenaAllocator, DefaultMemory, &memoryInfo));
        _memoryInfo = memoryInfo;
        CreateTensors(inputs, batch, _inputValues);
        CreateTensors(outputs, batch, _outputValues);
        _run = (delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)_api[Function.Run];
    }

    public string Version { get; }

    /// <summary>
    /// Where the library is: what the environment variable names, else what the NuGet package has put beside this program.
    /// </summary>
    /// <returns>Its path; null where there is none.</returns>
    public static string? FindLibrary()
    {
        if (Environment.GetEnvironmentVariable(LibraryVariable) is { Length: > 0 } path)
        {
            return File.Exists(path) ? path : null;
        }

        (string system, string name) = OperatingSystem.IsWindows() ? ("win", "onnxruntime.dll")
            : OperatingSystem.IsMacOS() ? ("osx", "libonnxruntime.dylib")
            : ("linux", "libonnxruntime.so");
        string architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        string file = Path.Combine(AppContext.BaseDirectory, "runtimes", $"{system}-{architecture}", "native", name);
        return File.Exists(file) ? file : null;
    }

    /// <summary>Computes the output from what stands in the input.</summary>
    public void Run()
    {
        nint status = _run(
            _session, 0, _inputNames, _inputValues, (nuint)_inputs.Tensors.Count, _outputNames, (nuint)_outputs.Tensors.Count,
                _outputValues);
        if (status != 0)
        {
            Check(status);
        }
    }

    public void Dispose()
    {
        for (int i = 0; i < _inputs.Tensors.Count; i++)
        {
            Release(Function.ReleaseValue, ref _inputValues[i]);
        }

        for (int i = 0; i < _outputs.Tensors.Count; i++)
        {
            Release(Function.ReleaseValue, ref _outputValues[i]);
        }

        Release(Function.ReleaseSession, ref _session);
        Release(Function.ReleaseMemoryInfo, ref _memoryInfo);
        Release(Function.ReleaseSessionOptions, ref _options);
        Release(Function.ReleaseEnv, ref _environment);
        foreach (nint memory in _memory)
        {
            NativeMemory.Free((void*)memory);
        }

        _memory.Clear();
    }

    private byte** AllocateNames(PeerTensors tensors)
    {
        var names = (byte**)Allocate(tensors.Tensors.Count * sizeof(byte*));
        for (int i = 0; i < tensors.Tensors.Count; i++)
        {
            names[i] = (byte*)AllocateText(tensors.Tensors[i].Name);
        }

        return names;
    }

    private void CreateTensors(PeerTensors tensors, int batch, nint* values)
    {
        for (int i = 0; i < tensors.Tensors.Count; i++)
        {
            values[i] = CreateTensor(tensors.Values[i], [batch, .. tensors.Tensors[i].Shape]);
        }
    }

    /// <summary>A tensor on the caller's array, which must be pinned as long as the session lives.</summary>
    private nint CreateTensor(float[] data, int[] shape)
    {
        long* extents = stackalloc long[shape.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            extents[i] = shape[i];
        }

        nint value;
        Check(((delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)_api[Function.CreateTensorWithDataAsOrtValue])(
            _memoryInfo,
            (void*)Marshal.UnsafeAddrOfPinnedArrayElement(data, 0),
            (nuint)data.Length * sizeof(float),
            extents,
            (nuint)shape.Length,
            FloatType,
            &value));
        return value;
    }

    private void Check(nint status)
    {
        if (status == 0)
        {
            return;
        }

        string message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)_api[Function.GetErrorMessage])(status)) ?? "";
        Release(Function.ReleaseStatus, ref status);
        throw new InvalidOperationException("ONNX Runtime: " + message);
    }

    private void Release(int function, ref nint handle)
    {
        if (handle != 0)
        {
            ((delegate* unmanaged<nint, void>)_api[function])(handle);
            handle = 0;
        }
    }

    private nint Allocate(int bytes)
    {
        var memory = (nint)NativeMemory.AllocZeroed((nuint)bytes);
        _memory.Add(memory);
        return memory;
    }

    private nint AllocateText(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        nint memory = Allocate(bytes.Length + 1);
        bytes.CopyTo(new Span<byte>((void*)memory, bytes.Length));
        return memory;
    }

    /// <summary>Positions in <c>struct OrtApi</c> of onnxruntime_c_api.h, which only ever grows at its end.</summary>
    private static class Function
    {
        public const int GetErrorMessage = 2;
        public const int CreateEnv = 3;
        public const int CreateSession = 7;
        public const int Run = 9;
        public const int CreateSessionOptions = 10;
        public const int SetSessionGraphOptimizationLevel = 23;
        public const int SetIntraOpNumThreads = 24;
        public const int SetInterOpNumThreads = 25;
        public const int CreateTensorWithDataAsOrtValue = 49;
        public const int CreateCpuMemoryInfo = 69;
        public const int ReleaseEnv = 92;
        public const int ReleaseStatus = 93;
        public const int ReleaseMemoryInfo = 94;
        public const int ReleaseSession = 95;
        public const int ReleaseValue = 96;
        public const int ReleaseSessionOptions = 100;
    }
}
