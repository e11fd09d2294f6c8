//! A command inside a running container, or a container's own, with or without a terminal.

use std::pin::Pin;

use bollard::{
    Docker,
    container::LogOutput,
    exec::{StartExecOptions, StartExecResults},
    models::ExecConfig,
    query_parameters::{
        AttachContainerOptionsBuilder, ResizeContainerTTYOptionsBuilder, ResizeExecOptionsBuilder,
    },
};
use bytes::Bytes;
use composeyard_logs::line::Stream as Pipe;
use futures_util::{Stream, StreamExt, stream::BoxStream};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::{ContainerId, EngineError, look};

/// Bytes of output that are read at once.
const CHUNK: usize = 32 * 1024;
/// Looks at a command whose output has ended and whose exit code is not there yet, and the pause between them: some
/// milliseconds as a rule, seconds on a machine that is busy.
const LOOKS: (u32, std::time::Duration) = (500, std::time::Duration::from_millis(20));

/// What to run, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exec {
    /// Program and arguments.
    pub command: Vec<String>,
    /// `NAME=VALUE`
    pub environment: Vec<String>,
    /// `name`, `uid`, `uid:gid`; empty for the container's.
    pub user: String,
    /// Empty for the container's.
    pub working_dir: String,
    /// With all rights on the machine.
    pub privileged: bool,
    /// It gets a terminal of its own.
    pub tty: bool,
}

/// A terminal's size, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Lines.
    pub rows: u16,
    /// Characters in a line.
    pub columns: u16,
}

/// A command that runs: what it writes, what it reads, how it ends.
pub struct Running {
    docker: Docker,
    process: Process,
    output: BoxStream<'static, Result<(Pipe, Bytes), EngineError>>,
    input: Input,
}

/// Where the command reads from.
pub struct Input(Pin<Box<dyn AsyncWrite + Send>>);

/// A handle to a running command, for whoever holds neither its output nor its input.
#[derive(Clone, Debug)]
pub struct Handle {
    docker: Docker,
    process: Process,
}

/// What runs.
#[derive(Clone, Debug)]
enum Process {
    /// A command inside a container, by its id.
    Exec(String),
    /// A container's own.
    Container(ContainerId),
}

/// `POST /containers/{id}/exec`, `POST /exec/{id}/start`
pub(super) async fn start(
    docker: &Docker,
    container: &ContainerId,
    exec: Exec,
) -> Result<Running, EngineError> {
    let tty = exec.tty;
    let id = create(docker, container, exec, true).await?;
    let options = StartExecOptions { detach: false, tty, output_capacity: Some(CHUNK) };
    match docker.start_exec(&id, Some(options)).await? {
        StartExecResults::Attached { output, input } => Ok(Running {
            docker: docker.clone(),
            process: Process::Exec(id),
            output: output.map(|part| Ok(told(part?))).boxed(),
            input: Input(input),
        }),
        StartExecResults::Detached => Err(EngineError::Step("the engine did not attach".to_owned())),
    }
}

/// Joins the streams of a container's own process, also of one that is still to be started.
/// `POST /containers/{id}/attach`
pub(super) async fn attach(docker: &Docker, container: &ContainerId) -> Result<Running, EngineError> {
    let options = AttachContainerOptionsBuilder::default().stream(true).stdin(true).stdout(true).stderr(true);
    let joined = docker.attach_container(container.as_str(), Some(options.build())).await?;
    Ok(Running {
        docker: docker.clone(),
        process: Process::Container(container.clone()),
        output: joined.output.map(|part| Ok(told(part?))).boxed(),
        input: Input(joined.input),
    })
}

/// Starts the command and leaves it alone.
pub(super) async fn detached(
    docker: &Docker,
    container: &ContainerId,
    exec: Exec,
) -> Result<(), EngineError> {
    let tty = exec.tty;
    let id = create(docker, container, exec, false).await?;
    let options = StartExecOptions { detach: true, tty, output_capacity: None };
    docker.start_exec(&id, Some(options)).await?;
    Ok(())
}

async fn create(
    docker: &Docker,
    container: &ContainerId,
    exec: Exec,
    attached: bool,
) -> Result<String, EngineError> {
    let text = |value: String| (!value.is_empty()).then_some(value);
    let config = ExecConfig {
        attach_stdin: Some(attached),
        attach_stdout: Some(attached),
        attach_stderr: Some(attached),
        tty: Some(exec.tty),
        cmd: Some(exec.command),
        env: Some(exec.environment),
        user: text(exec.user),
        working_dir: text(exec.working_dir),
        privileged: Some(exec.privileged),
        ..Default::default()
    };
    Ok(docker.create_exec(container.as_str(), config).await?.id)
}

fn told(part: LogOutput) -> (Pipe, Bytes) {
    match part {
        LogOutput::StdErr { message } => (Pipe::Stderr, message),
        LogOutput::StdOut { message } | LogOutput::Console { message } | LogOutput::StdIn { message } => {
            (Pipe::Stdout, message)
        }
    }
}

impl Running {
    /// Its three ends, to be used side by side.
    pub fn split(
        self,
    ) -> (impl Stream<Item = Result<(Pipe, Bytes), EngineError>> + Send + Unpin, Input, Handle) {
        (self.output, self.input, Handle { docker: self.docker, process: self.process })
    }
}

impl Input {
    /// To whatever a test reads.
    #[cfg(test)]
    pub(crate) fn to(input: impl AsyncWrite + Send + 'static) -> Self {
        Self(Box::pin(input))
    }

    /// Hands bytes to the command.
    ///
    /// # Errors
    /// When the command or the connection has ended.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), EngineError> {
        let written = async {
            self.0.write_all(bytes).await?;
            self.0.flush().await
        };
        written.await.map_err(|error| EngineError::Transport(error.to_string()))
    }

    /// Says that nothing more comes.
    pub async fn end(&mut self) {
        // A command that has ended needs no word of it.
        let _gone = self.0.shutdown().await;
    }
}

impl Handle {
    /// Tells the command's terminal its size. A command that has ended takes none.
    pub async fn resize(&self, size: Size) {
        let (rows, columns) = (size.rows.into(), size.columns.into());
        let _ended = match &self.process {
            Process::Exec(id) => {
                let options = ResizeExecOptionsBuilder::default().h(rows).w(columns).build();
                self.docker.resize_exec(id, options).await
            }
            Process::Container(id) => {
                let options = ResizeContainerTTYOptionsBuilder::default().h(rows).w(columns).build();
                self.docker.resize_container_tty(id.as_str(), options).await
            }
        };
    }

    /// The exit code, once the output has ended.
    ///
    /// # Errors
    /// When the engine does not answer or does not know.
    pub async fn exit_code(&self) -> Result<i64, EngineError> {
        let id = match &self.process {
            Process::Exec(id) => id,
            Process::Container(container) => return look::wait(&self.docker, container).await,
        };
        let (looks, pause) = LOOKS;
        for _ in 0..looks {
            let found = self.docker.inspect_exec(id).await?;
            if let (Some(code), Some(false)) = (found.exit_code, found.running) {
                return Ok(code);
            }
            tokio::time::sleep(pause).await;
        }
        Err(EngineError::Step("the engine does not say how the command ended".to_owned()))
    }
}
