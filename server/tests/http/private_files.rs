use std::path::Path;

use crate::site::Site;

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[tokio::test]
async fn files_of_the_shop_are_its_users_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("books/shop.db");
    let mut site = Site::open_with(|config| {
        config.database_url = format!("sqlite://{}", database.display());
    })
    .await;
    site.browser().add("low-a4-mat", "1").await;
    let data = site.config.data_dir.clone();
    let wal = folder.path().join("books/shop.db-wal");
    let shm = folder.path().join("books/shop.db-shm");
    let lock = data.join("sandbox.db.lock");
    for file in [&database, &wal, &shm, &data.join("sandbox.db"), &lock] {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
    let mail = data.join("mail");
    for made in [data.as_path(), &mail, database.parent().unwrap()] {
        assert_eq!(mode(made), 0o700, "{}", made.display());
    }
    site.stop().await.unwrap();

    // As an older version left them.
    let wide = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    wide(&database, 0o644);
    wide(&lock, 0o666);
    wide(&mail, 0o777);
    wide(database.parent().unwrap(), 0o755);
    site.start().await;
    assert_eq!(mode(&database), 0o600);
    assert_eq!(mode(&wal), 0o600);
    assert_eq!(mode(&lock), 0o600);
    assert_eq!(mode(&mail), 0o700);
    assert_eq!(
        mode(database.parent().unwrap()),
        0o755,
        "it may hold others' things"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn database_with_an_encoded_name_is_its_users_alone() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::open_with(|config| {
        let folder = folder.path().display();
        config.database_url = format!("sqlite://{folder}/my%20shop.db?cache=private");
    })
    .await;
    assert_eq!(site.get("/readyz").await.status, 200);
    let mut names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["my shop.db", "my shop.db-shm", "my shop.db-wal"]);
    for name in names {
        assert_eq!(mode(&folder.path().join(&name)), 0o600, "{name}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn kept_keys_of_the_sandbox_are_its_users_alone() {
    use std::os::unix::fs::PermissionsExt;

    let mut site = Site::open_with(|config| config.sandbox_secret_key = None).await;
    let keys = site.config.data_dir.join("sandbox-keys.env");
    assert_eq!(mode(&keys), 0o600);
    site.stop().await.unwrap();
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o644)).unwrap();
    site.start().await;
    assert_eq!(mode(&keys), 0o600);
}
