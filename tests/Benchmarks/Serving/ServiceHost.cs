using System;
using System.Diagnostics;
using System.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Strata.Benchmarks.Workers;
using Strata.Serving;
using Zoo.Networks;

namespace Strata.Benchmarks.Serving;

/// <summary>What serves.</summary>
internal enum Service
{
    /// <summary>Strata.Serving.</summary>
    Strata,

    /// <summary>Strata.Serving, each request alone.</summary>
    Alone,

    /// <summary>ASP.NET Core and ONNX Runtime, by hand.</summary>
    Onnx,
}

/// <summary>A service in a process of its own: this program under another command.</summary>
internal sealed class ServiceHost : IDisposable
{
    public const string Name = "--service";

    private readonly Process _process;

    public ServiceHost(Service service, string network, string model)
    {
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
            [typeof(ServiceHost).Assembly.Location, Name, service.ToString(), network, model])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Address = _process.StandardOutput.ReadLine() ?? throw new WorkerException($"The service {service} of {network} did not start.");
    }

    public string Address { get; }

    public double Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Serves until standard input ends.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        Service service = Enum.Parse<Service>(arguments[0]);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.AddStrataEndpoints(restPort: 0, grpcPort: 0);
        if (service != Service.Onnx)
        {
            Add(builder.Services.AddStrata(), arguments[1], options =>
            {
                options.Seed = 1;
                options.MaxBatch = service == Service.Alone ? 1 : 16;
            });
        }

        using WebApplication app = builder.Build();
        if (service == Service.Onnx)
        {
            new OnnxService(arguments[2]).Map(app);
        }
        else
        {
            app.MapStrata();
        }

        app.StartAsync().GetAwaiter().GetResult();
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
        Console.In.ReadToEnd();
        return 0;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static void Add(StrataServingBuilder models, string network, Action<ModelOptions> configure) => _ = network switch
    {
        "lenet5" => models.AddModel<LeNet5>(network, configure),
        "resnet18" => models.AddModel<ResNet18>(network, configure),
        "mobilenet_v2" => models.AddModel<MobileNetV2>(network, configure),
        _ => throw new UsageException($"No service has '{network}'. There are: lenet5, resnet18, mobilenet_v2."),
    };
}
